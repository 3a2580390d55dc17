-- The source answered that nothing changed ($1 = name).
UPDATE source SET last_success_at = clock_timestamp(), last_failure = '' WHERE name = $1
