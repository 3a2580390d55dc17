-- The groups whose verdicts may differ since the last run. $1 the batch it knew, $2 the day it looked at, $3 as_of
-- Sorted, not hashed: that they may be very many is no reason to make room for them.
INSERT INTO work_group (seq, unit_code, supplier_uscc)
SELECT row_number() OVER (ORDER BY g.unit_code, g.supplier_uscc) - 1, g.unit_code, g.supplier_uscc
FROM (
  SELECT t.unit_code COLLATE "C" AS unit_code, t.supplier_uscc COLLATE "C" AS supplier_uscc
  FROM touched_group($1::bigint, $2::date, $3::date) t
  UNION ALL
  SELECT c.unit_code COLLATE "C", c.supplier_uscc COLLATE "C"
  FROM work_payee p JOIN contract c ON c.supplier_uscc = p.payee_uscc
) g
GROUP BY g.unit_code, g.supplier_uscc
