-- The single writer of the ledger. Held to the end of the transaction; batch numbers are taken under it, so their order
-- is the order of the commits.
SELECT pg_advisory_xact_lock(831172026)
