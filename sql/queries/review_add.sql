-- Adds a review, moves the state version and wakes the checks. The review is of a debt that is overdue exactly as the
-- reviewer saw it, and touches it: the next run judges its group again and takes the row as changed.
-- One row: its number; no row: the debt is not overdue, or has changed since it was shown.
-- $1 obligation_no, $2 verdict, $3 reviewer, $4 note, $5 overdue_since, $6 overdue_fen
WITH added AS (
  INSERT INTO obligation_review (obligation_no, verdict, reviewer, note, overdue_since, overdue_fen)
  SELECT obligation_no, $2::text, $3::text, $4::text, overdue_since, overdue_fen
  FROM obligation_state
  WHERE obligation_no = $1::text AND coverage = 'covered' AND overdue_fen > 0
    AND overdue_since = $5::date AND overdue_fen = $6::bigint
  RETURNING review_id
), touched AS (
  UPDATE obligation_state SET next_change_on = overdue_since, print = '00000000-0000-0000-0000-000000000000'
  WHERE obligation_no = $1::text AND overdue_since IS NOT NULL AND EXISTS (SELECT FROM added)
), moved AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM added)
)
SELECT review_id, pg_notify('setaside_batch', '') FROM added
