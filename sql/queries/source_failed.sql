-- Why a source failed last ($1 = name, $2 = reason). A source that never committed has no row and gets none.
UPDATE source SET last_failure_at = clock_timestamp(), last_failure = $2 WHERE name = $1
