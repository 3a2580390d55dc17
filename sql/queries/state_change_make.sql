-- Where the states that differ arrive. A row without a status says that the obligation is no longer there.
CREATE TEMPORARY TABLE state_change ON COMMIT DROP AS SELECT * FROM obligation_state WITH NO DATA
