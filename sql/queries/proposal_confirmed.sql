-- Confirmed proposals that nobody was told of yet, with the rows of each that are still verified and overdue, largest
-- first, at most 50, and count and sum of all of them on each row. Amounts in fen; interest_fen null where none is calculated.
-- $1 as_of
WITH shown AS (
  SELECT p.proposal_id, p.step, p.unit_code, p.department, p.decided_by, p.reason,
    (p.decided_at AT TIME ZONE 'Asia/Shanghai')::date AS decided_on, v.obligation_no, v.contract_no, v.supplier_uscc,
    v.overdue_since, v.overdue_fen, v.disputed_fen,
    row_number() OVER (PARTITION BY p.proposal_id ORDER BY v.overdue_fen DESC, v.obligation_no COLLATE "C") AS place,
    count(*) OVER whole AS rows_total, sum(v.overdue_fen) OVER whole AS overdue_total
  FROM proposal p
    JOIN proposal_row r USING (proposal_id)
    JOIN v_obligation_standing v USING (obligation_no)
  WHERE p.state = 'confirmed' AND p.told_run IS NULL AND r.left_on IS NULL AND v.standing = 'verified'
  WINDOW whole AS (PARTITION BY p.proposal_id)
)
SELECT s.proposal_id, s.step, s.unit_code, s.department, s.decided_by, s.decided_on, s.reason, s.rows_total,
  least(s.overdue_total, 9223372036854775807)::bigint AS overdue_total, s.obligation_no, s.contract_no,
  coalesce((SELECT name FROM supplier u WHERE u.uscc = s.supplier_uscc LIMIT 1), '') AS supplier_name, s.supplier_uscc,
  s.overdue_since, $1::date - s.overdue_since AS overdue_days, s.overdue_fen, s.disputed_fen,
  (SELECT i.interest_fen
   FROM obligation_state_on($1::date) i JOIN v_obligation_state o USING (obligation_no)
   WHERE i.obligation_no = s.obligation_no AND o.rate_basis <> '') AS interest_fen
FROM shown s
WHERE s.place <= 50
ORDER BY s.proposal_id, s.place
