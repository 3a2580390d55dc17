-- Brings the proposals that wait in line with the steps on which verified debts stand now: rows that are not on the step
-- any more leave, rows whose step nobody proposed or decided yet come, one proposal for each unit and step; one without
-- rows lapses. One row: how many rows came, how many left.
-- $1 run_id, $2 as_of, $3 obligation numbers, $4 their steps (text[] both)
WITH stands AS (
  SELECT v.obligation_no, v.unit_code, v.department, v.review_id, v.overdue_since, v.overdue_fen, w.step
  FROM unnest($3::text[], $4::text[]) AS w (obligation_no, step) JOIN v_obligation_standing v USING (obligation_no)
  WHERE v.standing = 'verified'
), gone AS (
  UPDATE proposal_row r SET left_on = $2::date
  FROM proposal p
  WHERE p.proposal_id = r.proposal_id AND p.state = 'proposed' AND r.left_on IS NULL
    AND NOT EXISTS (
      SELECT FROM stands s WHERE s.obligation_no = r.obligation_no AND s.step = p.step AND s.unit_code = p.unit_code)
  RETURNING r.proposal_id, r.obligation_no
), fresh AS (
  SELECT s.* FROM stands s
  WHERE NOT EXISTS (
    SELECT FROM proposal_row r JOIN proposal p USING (proposal_id)
    WHERE r.obligation_no = s.obligation_no AND p.step = s.step AND r.left_on IS NULL AND p.state <> 'lapsed')
), made AS (
  INSERT INTO proposal (step, unit_code, department, proposed_on, run_id)
  SELECT f.step, f.unit_code, max(f.department), $2::date, $1::bigint
  FROM fresh f
  WHERE NOT EXISTS (
    SELECT FROM proposal p WHERE p.state = 'proposed' AND p.unit_code = f.unit_code AND p.step = f.step)
  GROUP BY f.unit_code, f.step
  ORDER BY f.unit_code COLLATE "C", f.step
  RETURNING proposal_id, unit_code, step
), target AS (
  SELECT proposal_id, unit_code, step FROM made
  UNION ALL
  SELECT proposal_id, unit_code, step FROM proposal WHERE state = 'proposed'
), came AS (
  INSERT INTO proposal_row (proposal_id, obligation_no, review_id, overdue_since, overdue_fen)
  SELECT t.proposal_id, f.obligation_no, f.review_id, f.overdue_since, f.overdue_fen
  FROM fresh f JOIN target t USING (unit_code, step)
  ON CONFLICT (proposal_id, obligation_no) DO UPDATE SET left_on = NULL, review_id = excluded.review_id,
    overdue_since = excluded.overdue_since, overdue_fen = excluded.overdue_fen
  RETURNING proposal_id
), lapsed AS (
  UPDATE proposal p SET state = 'lapsed', lapsed_on = $2::date
  WHERE p.state = 'proposed'
    AND NOT EXISTS (
      SELECT FROM proposal_row r
      WHERE r.proposal_id = p.proposal_id AND r.left_on IS NULL
        AND NOT EXISTS (SELECT FROM gone g WHERE g.proposal_id = r.proposal_id AND g.obligation_no = r.obligation_no))
    AND NOT EXISTS (SELECT FROM came c WHERE c.proposal_id = p.proposal_id)
)
SELECT (SELECT count(*) FROM came) AS came, (SELECT count(*) FROM gone) AS gone
