-- A person settles a refused row: it is no record ($1 quarantine id, $2 person, $3 reason). One row if there is such an
-- entry: whether it was open and is settled now.
WITH open AS (
  SELECT q.quarantine_id FROM quarantine q WHERE q.quarantine_id = $1::bigint AND q.resolved_batch IS NULL FOR UPDATE
), act AS (
  INSERT INTO quarantine_act (quarantine_id, what, person, reason)
  SELECT quarantine_id, 'settled', $2::text, $3::text FROM open RETURNING quarantine_id
), settled AS (
  UPDATE quarantine SET resolved_batch = (SELECT max(batch_id) FROM batch)
  WHERE quarantine_id IN (SELECT quarantine_id FROM act)
  RETURNING quarantine_id
), moved AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM settled)
)
SELECT EXISTS (SELECT FROM settled) FROM quarantine WHERE quarantine_id = $1::bigint
