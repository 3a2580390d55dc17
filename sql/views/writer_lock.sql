-- writer_lock(): one writer of the ledger at a time. Every transaction that adds a batch, a run or a delivery takes it
-- first (queries/batch_lock.sql asks for the same number) and holds it to its end: so batch numbers and delivery numbers are given in the order of commits.
DROP FUNCTION IF EXISTS writer_lock();
CREATE FUNCTION writer_lock() RETURNS void LANGUAGE sql VOLATILE AS $$
  SELECT pg_advisory_xact_lock(831172026)
$$;
COMMENT ON FUNCTION writer_lock() IS 'the single writer''s lock, held to the end of the transaction';
