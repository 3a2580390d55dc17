-- What messages about arrears show: for every unit with a change in this run, or one that was held back, its suspected
-- overdue obligations, new ones first, then changed ones, then the rest, largest first, and before them those that fall due
-- soon, earliest first; 50 of a unit and kind, with the counts of all of them on each row. Told is what has an open finding:
-- a debt that may be paid, or that a person refuted, has none. due_soon rows: the day and amount are those
-- still to come, as the finding has them: the due day of the debt may lie behind.
-- Amounts in fen; interest_fen null where none is calculated. $1 run_id, $2 as_of
WITH happened AS (
  SELECT f.unit_code, f.code, f.subject, bool_or(e.event <> 'updated') AS fresh
  FROM (
    SELECT finding_id, event FROM finding_event WHERE run_id = $1::bigint
    UNION ALL
    SELECT e.finding_id, e.event FROM untold u JOIN finding_event e ON e.finding_id = u.finding_id AND e.seq = u.event_seq
  ) e JOIN finding f USING (finding_id)
  WHERE f.code IN ('arrears-overdue', 'arrears-due-soon')
  GROUP BY f.unit_code, f.code, f.subject
), shown AS (
  SELECT s.unit_code, s.obligation_no, s.contract_no, s.supplier_uscc, f.code = 'arrears-due-soon' AS due_soon,
    CASE WHEN f.code = 'arrears-due-soon' THEN (f.evidence->>'next_due_on')::date ELSE s.overdue_since END AS since,
    CASE WHEN f.code = 'arrears-due-soon' THEN f.amount_fen ELSE s.overdue_fen END AS fen,
    s.disputed_fen, s.rate_basis, s.due_source, h.subject IS NOT NULL AS changed, coalesce(h.fresh, false) AS fresh,
    coalesce(f.evidence->>'citation', '') AS citation
  FROM (SELECT DISTINCT unit_code FROM happened) u
    JOIN finding f ON f.unit_code = u.unit_code AND f.state <> 'closed' AND f.code IN ('arrears-overdue', 'arrears-due-soon')
    JOIN obligation_state s ON s.obligation_no = f.subject
    LEFT JOIN happened h ON h.subject = f.subject AND h.code = f.code
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY unit_code, due_soon ORDER BY CASE WHEN due_soon THEN since END,
      fresh DESC, changed DESC, fen DESC, obligation_no COLLATE "C") AS place,
    count(*) OVER kind AS rows_total, sum(fen) OVER kind AS fen_total, count(*) FILTER (WHERE fresh) OVER kind AS rows_new
  FROM shown
  WINDOW kind AS (PARTITION BY unit_code, due_soon)
)
SELECT r.unit_code, r.rows_total, least(r.fen_total, 9223372036854775807)::bigint AS fen_total, r.rows_new,
  r.obligation_no, r.contract_no, coalesce(s.name, '') AS supplier_name, r.supplier_uscc, r.since,
  $2::date - r.since AS overdue_days, r.fen, r.disputed_fen, r.due_source, r.fresh, r.changed,
  EXISTS (
    SELECT FROM v_obligation_review v
    WHERE v.obligation_no = r.obligation_no AND v.latest AND v.verdict = 'verified' AND r.since >= v.overdue_since
      AND r.fen <= v.overdue_fen
  ) AS verified, r.due_soon,
  -- One lookup for each row that is shown: never the interest of all debts.
  CASE WHEN r.rate_basis <> '' THEN (
    SELECT i.interest_fen FROM obligation_state_on($2::date) i WHERE i.obligation_no = r.obligation_no
  ) END AS interest_fen, r.citation
FROM ranked r LEFT JOIN supplier s ON s.uscc = r.supplier_uscc
WHERE r.place <= 50
ORDER BY r.unit_code COLLATE "C", r.due_soon DESC, r.place
