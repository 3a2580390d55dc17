-- The row of a source, made when missing ($1 = name, $2 = kind).
INSERT INTO source (name, kind) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET kind = EXCLUDED.kind
RETURNING source_id
