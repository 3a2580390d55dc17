-- The changes of one run, a unit's together, largest amount first. amount_before: of the event before, null if none.
-- $1 run_id
SELECT f.finding_id, e.seq, e.event, f.rule_id, f.code, f.subject_kind, f.subject, f.unit_code, f.department, f.severity,
  e.amount_fen, b.amount_fen AS amount_before
FROM finding_event e
  JOIN finding f USING (finding_id)
  LEFT JOIN finding_event b ON b.finding_id = e.finding_id AND b.seq = e.seq - 1
WHERE e.run_id = $1::bigint
ORDER BY f.unit_code COLLATE "C", f.code COLLATE "C", e.amount_fen DESC, f.subject COLLATE "C"
