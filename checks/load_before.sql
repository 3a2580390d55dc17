-- What runs that looked at an earlier day had last said: one row for every debt that was overdue by them, suspected or
-- possibly paid, and before them one without a number with the last of their days; no row: there was no such run, or the
-- day is null. Amounts in fen. $1 known batch, $2 day or null
WITH run AS MATERIALIZED (
  SELECT run_id, as_of FROM v_check_run WHERE as_of < $2::date AND known_batch <= $1::bigint
), said AS (
  SELECT DISTINCT ON (e.finding_id) f.subject, f.unit_code, f.code, e.event, e.amount_fen
  FROM run r
    JOIN v_finding_event e ON e.run_id = r.run_id
    JOIN v_finding f ON f.finding_id = e.finding_id
  WHERE f.code IN ('arrears-overdue', 'arrears-maybe-paid')
  ORDER BY e.finding_id, e.seq DESC
)
SELECT '' AS obligation_no, '' AS unit_code, 0::bigint AS overdue_fen, false AS suspected, max(as_of) AS day
FROM run HAVING count(*) > 0
UNION ALL
SELECT subject, unit_code, coalesce(amount_fen, 0), code = 'arrears-overdue', NULL FROM said WHERE event <> 'closed'
