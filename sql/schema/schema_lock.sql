-- One migrator at a time, until the end of the transaction. The number is arbitrary and the same for ever.
SELECT pg_advisory_xact_lock(7403285)
