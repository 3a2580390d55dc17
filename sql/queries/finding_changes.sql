-- The changes of one run and those that were held back before it, a unit's together, largest amount first. Several events
-- of one finding are folded into what they come to; what came and went untold is left out. amount_before: of the event
-- before, null if none. held: nothing of it happened in this run.
-- doubted: the debt may be paid, which is not known.
-- $1 run_id, $2 only those of the run
WITH event AS (
  SELECT e.finding_id, e.seq, e.event, e.amount_fen, e.run_id FROM finding_event e WHERE e.run_id = $1::bigint
  UNION
  SELECT e.finding_id, e.seq, e.event, e.amount_fen, e.run_id
  FROM untold u JOIN finding_event e ON e.finding_id = u.finding_id AND e.seq = u.event_seq
  WHERE NOT $2::boolean
), folded AS (
  SELECT finding_id, min(seq) AS first_seq, max(seq) AS seq, bool_and(run_id <> $1::bigint) AS held,
    (array_agg(event ORDER BY seq))[1] AS first, (array_agg(event ORDER BY seq DESC))[1] AS last,
    (array_agg(amount_fen ORDER BY seq DESC))[1] AS amount_fen
  FROM event GROUP BY finding_id
)
SELECT f.finding_id, e.seq,
  CASE WHEN e.last = 'closed' OR e.first = e.last THEN e.last WHEN e.first = 'closed' THEN 'updated' ELSE e.first END AS event,
  f.rule_id, f.code, f.subject_kind, f.subject, f.unit_code, f.department, f.severity, e.amount_fen,
  b.amount_fen AS amount_before, e.held,
  EXISTS (
    SELECT FROM finding d WHERE d.code = 'arrears-maybe-paid' AND d.subject_kind = f.subject_kind AND d.subject = f.subject
      AND d.state <> 'closed'
  ) AS doubted
FROM folded e
  JOIN finding f USING (finding_id)
  LEFT JOIN finding_event b ON b.finding_id = e.finding_id AND b.seq = e.first_seq - 1
WHERE NOT (e.first IN ('opened', 'reopened') AND e.last = 'closed')
ORDER BY f.unit_code COLLATE "C", f.code COLLATE "C", e.amount_fen DESC, f.subject COLLATE "C"
