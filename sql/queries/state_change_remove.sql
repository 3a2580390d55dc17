-- Takes away the old rows of all that changed or is gone, out of what is summed over all rows, too; state_change_apply.sql
-- puts the new ones.
WITH removed AS (
  DELETE FROM obligation_state o USING state_change c WHERE o.obligation_no = c.obligation_no
  RETURNING o.missing_year, o.contract_no, CASE WHEN o.kind <> 'deposit' THEN o.paid_fen ELSE 0 END AS paid_fen
), less_paid AS (
  UPDATE contract_paid p SET paid_fen = p.paid_fen - r.paid_fen
  FROM (SELECT contract_no, sum(paid_fen) AS paid_fen FROM removed WHERE paid_fen <> 0 GROUP BY contract_no) r
  WHERE p.contract_no = r.contract_no
)
UPDATE obligation_missing_year m SET obligations = m.obligations - r.obligations
FROM (SELECT missing_year, count(*) AS obligations FROM removed WHERE missing_year IS NOT NULL GROUP BY missing_year) r
WHERE m.missing_year = r.missing_year
