-- A person's decision on a proposal, with the amounts as they stand now; moves the state version and wakes the checks,
-- whose next run tells of what was confirmed. One row if the proposal exists: its state before, whether it was decided now,
-- and how many rows it holds.
-- $1 proposal_id, $2 confirmed or declined, $3 who, $4 reason
WITH seen AS (
  SELECT proposal_id, state FROM proposal WHERE proposal_id = $1::bigint
), decided AS (
  UPDATE proposal SET state = $2::text, decided_by = $3::text, reason = $4::text, decided_at = clock_timestamp()
  WHERE proposal_id = $1::bigint AND state = 'proposed'
  RETURNING proposal_id
), frozen AS (
  UPDATE proposal_row r SET overdue_fen = v.overdue_fen, overdue_since = v.overdue_since
  FROM decided d, v_obligation_standing v
  WHERE r.proposal_id = d.proposal_id AND r.left_on IS NULL AND v.obligation_no = r.obligation_no
), moved AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM decided)
), woken AS (
  SELECT pg_notify('setaside_batch', '') FROM decided
)
SELECT s.state, EXISTS (SELECT FROM decided) AS decided,
  (SELECT count(*) FROM proposal_row r WHERE r.proposal_id = s.proposal_id AND r.left_on IS NULL) AS rows,
  (SELECT count(*) FROM woken) AS woken
FROM seen s
