-- Several messages of one case that wait for the same reader become one: the latest, which says what came before it
-- ("preceded" of its payload). The others keep their rows, superseded by it.
-- $1 channel
WITH gate AS (
  SELECT name FROM channel WHERE name = $1 AND enabled FOR NO KEY UPDATE
), several AS (
  SELECT m.case_key, m.recipient
  FROM message m JOIN gate g ON g.name = m.channel
  WHERE m.channel = $1 AND m.state IN ('queued', 'retry', 'unknown') AND m.case_key NOT LIKE 'test/%'
  GROUP BY m.case_key, m.recipient
  HAVING count(*) FILTER (WHERE m.state <> 'unknown' AND m.parts_done = 0) > 1
), free AS (
  SELECT m.message_id
  FROM message m JOIN several s ON s.case_key = m.case_key AND s.recipient = m.recipient
  WHERE m.channel = $1 AND m.state IN ('queued', 'retry') AND m.parts_done = 0
    AND NOT EXISTS (
      SELECT FROM message e
      WHERE e.case_key = m.case_key AND e.channel = m.channel AND e.recipient = m.recipient
        AND e.message_id < m.message_id AND e.state IN ('sending', 'unknown'))
  ORDER BY m.message_id
  FOR UPDATE OF m SKIP LOCKED
), waiting AS (
  SELECT m.*, count(*) OVER w AS several, row_number() OVER (w ORDER BY m.message_id DESC) = 1 AS latest
  FROM message m JOIN free USING (message_id)
  WINDOW w AS (PARTITION BY m.case_key, m.recipient)
), merged AS (
  INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, recipient, payload, run_id, held, next_try_at)
  SELECT message_ref((now() AT TIME ZONE 'Asia/Shanghai')::date),
    l.case_key, l.event, l.rule_id, l.severity, l.unit_code, l.channel, l.recipient,
    l.payload || jsonb_build_object('preceded', (
      SELECT jsonb_agg(x.item ORDER BY x.message_id)
      FROM (
        SELECT e.message_id, jsonb_array_elements(coalesce(e.payload -> 'preceded', '[]'::jsonb)
          || jsonb_build_object('ref', e.ref, 'event', e.event, 'timestamp', coalesce(e.payload ->> 'timestamp', ''))) AS item
        FROM waiting e WHERE e.case_key = l.case_key AND e.recipient = l.recipient AND NOT e.latest) AS x)),
    l.run_id, l.held, l.next_try_at
  FROM waiting l
  WHERE l.latest AND l.several > 1
  RETURNING message_id, case_key, recipient
), gone AS (
  UPDATE message m SET state = 'superseded', superseded_by = n.message_id
  FROM waiting w JOIN merged n ON n.case_key = w.case_key AND n.recipient = w.recipient
  WHERE m.message_id = w.message_id
  RETURNING m.message_id, m.superseded_by
), linked AS (
  INSERT INTO message_finding (message_id, finding_id, event_seq)
  SELECT DISTINCT g.superseded_by, f.finding_id, f.event_seq
  FROM gone g JOIN message_finding f USING (message_id)
), version AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM gone)
)
SELECT count(*) FROM gone
