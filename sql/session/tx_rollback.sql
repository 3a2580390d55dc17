-- Ends a transaction as if it had never been.
ROLLBACK
