-- The life cycle of findings, as sql/store_finding.h draws it: what was seen against what is on record. Every change
-- writes the finding and one event; equal prints write nothing.
-- $1 run_id, $2 as_of, $3 JSON array of what was judged completely: [{"code", "pattern", "changed", "touched"}]; changed: only
-- obligations in state_change; without it the code is of no obligation; touched: only records in judged_subject, no pattern. Findings of obligations are many, the others have an
-- index of their own; nothing looks at all of the many unless all obligations were judged.
WITH judged AS MATERIALIZED (
  SELECT code, pattern, changed, touched
  FROM jsonb_to_recordset($3::jsonb) AS r (code text, pattern text, changed boolean, touched boolean)
), ending AS (
  SELECT f.finding_id, f.code, f.subject_kind, f.subject FROM judged j JOIN finding f ON f.code = j.code
  WHERE j.changed IS NULL AND j.touched IS NULL AND f.subject_kind <> 'obligation' AND f.state <> 'closed' AND f.subject LIKE j.pattern
  UNION
  SELECT f.finding_id, f.code, f.subject_kind, f.subject FROM judged j JOIN finding f ON f.code = j.code
  WHERE NOT j.changed AND f.subject_kind = 'obligation' AND f.state <> 'closed' AND f.subject LIKE j.pattern
  UNION
  SELECT f.finding_id, j.code, 'obligation', c.obligation_no FROM judged j
    CROSS JOIN (SELECT DISTINCT obligation_no FROM state_change) c
    CROSS JOIN LATERAL (
      -- OFFSET keeps it a look into the index for each of them, whatever is believed about the temporary table: it costs
      -- the same in a large ledger.
      SELECT finding_id FROM finding
      WHERE code = j.code AND subject_kind = 'obligation' AND subject = c.obligation_no AND state <> 'closed'
      OFFSET 0) f
  WHERE j.changed
  UNION
  SELECT f.finding_id, f.code, s.subject_kind, s.subject
  FROM judged_subject s CROSS JOIN LATERAL (
      SELECT finding_id, code FROM finding
      WHERE subject = s.subject AND subject_kind = s.subject_kind AND subject_kind <> 'obligation' AND state <> 'closed'
      OFFSET 0) f
    JOIN judged j ON j.code = f.code AND j.touched
), decided AS (
  SELECT s.*, f.finding_id,
    CASE WHEN f.finding_id IS NULL THEN 'opened' WHEN f.state = 'closed' THEN 'reopened'
      WHEN f.print <> s.print THEN 'updated' END AS event
  FROM finding_seen s LEFT JOIN finding f USING (code, subject_kind, subject)
), opened AS (
  INSERT INTO finding (rule_id, code, subject_kind, subject, unit_code, department, severity, state, opened_on, changed_on,
    amount_fen, currency, print, evidence, first_run, last_run)
  SELECT rule_id, code, subject_kind, subject, unit_code, department, severity, 'open', $2::date, $2::date, amount_fen,
    currency, print, evidence, $1::bigint, $1::bigint
  FROM decided WHERE event = 'opened' ORDER BY code, subject COLLATE "C"
  RETURNING finding_id, 'opened' AS event, amount_fen, evidence
), changed AS (
  UPDATE finding f SET rule_id = d.rule_id, unit_code = d.unit_code, department = d.department, severity = d.severity,
    state = 'open', episode = f.episode + (d.event = 'reopened')::integer,
    opened_on = CASE WHEN d.event = 'reopened' THEN $2::date ELSE f.opened_on END,
    changed_on = $2::date, closed_on = NULL, amount_fen = d.amount_fen, currency = d.currency, print = d.print,
    evidence = d.evidence, last_run = $1::bigint
  FROM decided d WHERE f.finding_id = d.finding_id AND d.event IN ('updated', 'reopened')
  RETURNING f.finding_id, d.event, f.amount_fen, f.evidence
), closed AS (
  UPDATE finding f SET state = 'closed', changed_on = $2::date, closed_on = $2::date, last_run = $1::bigint
  -- An array, so that each is looked up by its number however many are believed to end.
  WHERE f.finding_id = ANY (ARRAY (
    SELECT e.finding_id FROM ending e
    WHERE NOT EXISTS (
      SELECT FROM finding_seen s WHERE (s.code, s.subject_kind, s.subject) = (e.code, e.subject_kind, e.subject))))
  RETURNING f.finding_id, 'closed' AS event, 0::bigint AS amount_fen, f.evidence
), happened AS (
  SELECT * FROM opened UNION ALL SELECT * FROM changed UNION ALL SELECT * FROM closed
)
INSERT INTO finding_event (finding_id, seq, event, run_id, amount_fen, evidence)
-- A first event has no number before it: looking for one would read what this statement adds, row after row.
SELECT h.finding_id,
  CASE WHEN h.event = 'opened' THEN 1
    ELSE (SELECT max(e.seq) FROM finding_event e WHERE e.finding_id = h.finding_id) + 1 END,
  h.event, $1::bigint, h.amount_fen, h.evidence
FROM happened h
