-- Where the states that differ arrive. A row without a status says that the obligation is no longer there. Made once in a session.
CREATE TEMPORARY TABLE IF NOT EXISTS state_change ON COMMIT DELETE ROWS AS SELECT * FROM obligation_state WITH NO DATA
