-- What messages about arrears show: for every unit with a change in this run its suspected overdue obligations, new ones
-- first, then changed ones, then the rest, largest first; 50 of a unit, with the counts of all of them on each row.
-- Amounts in fen. $1 run_id, $2 as_of
WITH happened AS (
  SELECT f.unit_code, f.subject, e.event
  FROM finding_event e JOIN finding f USING (finding_id)
  WHERE e.run_id = $1::bigint AND f.code = 'arrears-overdue'
), ranked AS (
  SELECT s.unit_code, s.obligation_no, s.contract_no, s.supplier_uscc, s.overdue_since, s.overdue_fen, s.disputed_fen,
    s.due_source, h.event IS NOT NULL AS changed, coalesce(h.event <> 'updated', false) AS fresh,
    row_number() OVER (PARTITION BY s.unit_code ORDER BY coalesce(h.event <> 'updated', false) DESC, h.event IS NOT NULL DESC,
      s.overdue_fen DESC, s.obligation_no COLLATE "C") AS place,
    count(*) OVER unit AS rows_total, sum(s.overdue_fen) OVER unit AS overdue_total,
    count(*) FILTER (WHERE h.event <> 'updated') OVER unit AS rows_new
  FROM (SELECT DISTINCT unit_code FROM happened) u
    JOIN obligation_state s ON s.unit_code = u.unit_code AND s.coverage = 'covered' AND s.status = 'overdue'
    LEFT JOIN happened h ON h.subject = s.obligation_no
  WINDOW unit AS (PARTITION BY s.unit_code)
)
SELECT r.unit_code, r.rows_total, least(r.overdue_total, 9223372036854775807)::bigint AS overdue_total, r.rows_new,
  r.obligation_no, r.contract_no, coalesce(s.name, '') AS supplier_name, r.supplier_uscc, r.overdue_since,
  $2::date - r.overdue_since AS overdue_days, r.overdue_fen, r.disputed_fen, r.due_source, r.fresh, r.changed
FROM ranked r LEFT JOIN supplier s ON s.uscc = r.supplier_uscc
WHERE r.place <= 50
ORDER BY r.unit_code COLLATE "C", r.place
