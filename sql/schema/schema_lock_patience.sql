-- A second migrator waits for the first as long as it takes (until the end of its own transaction's time).
SELECT set_config('lock_timeout', '0', true)
