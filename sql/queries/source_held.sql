-- Files of a source that cannot be taken ($1 = name, $2 = JSON array of file and why).
UPDATE source SET held = $2::jsonb WHERE name = $1 AND held IS DISTINCT FROM $2::jsonb
