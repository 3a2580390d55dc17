-- writer_lock(): one writer of the ledger at a time. Every transaction that adds a batch or a run takes it first, in a
-- statement of its own (queries/writer_lock_take.sql), and holds it to its end: so batch numbers are given in the order
-- of commits. A long load of another writer is no failure: this wait ends by the deadline of the statement and not by the
-- session's lock_timeout, which is for every other lock.
DROP FUNCTION IF EXISTS writer_lock();
CREATE FUNCTION writer_lock() RETURNS void LANGUAGE sql VOLATILE SET lock_timeout = '0' AS $$
  SELECT pg_advisory_xact_lock(831172026)
$$;
COMMENT ON FUNCTION writer_lock() IS 'the single writer''s lock, held to the end of the transaction';
