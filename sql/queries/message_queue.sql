-- Queues one message for every recipient of every channel that a matching route names, and links it with the events of
-- the run that it tells of. A channel named by several routes gets one. With $12 the unit is told of its arrears, the next
-- steps on them included, at most once for one day: what is not urgent then is not queued, its events wait in untold and
-- go with the next message.
-- While a person keeps a case silent, its messages wait for the end and become one (outbox_merge).
-- Such a case that was told and not closed cannot be opened: then the message is an update, in its payload too.
-- $1 run_id, $2 case_key, $3 event, $4 rule_id, $5 severity, $6 unit_code, $7 department, $8 payload,
-- $9 finding codes (text[]), $10 subject or null, $11 day inside ref, $12 once a day and unit
WITH told AS (
  SELECT $12::boolean AND $5::text <> 'urgent' AND EXISTS (
    SELECT FROM message WHERE payload->>'as_of' = to_char($11::date, 'YYYY-MM-DD') AND case_key IN (
      SELECT 'arrears/' || $6::text UNION SELECT $2::text
      UNION SELECT 'step/' || proposal_id FROM proposal WHERE unit_code = $6::text AND told_run IS NOT NULL)
  ) AS today
), word AS (
  SELECT CASE WHEN $12::boolean AND $3::text = 'opened' AND (
      SELECT event FROM message WHERE case_key = $2::text ORDER BY message_id DESC LIMIT 1
    ) <> 'closed' THEN 'updated' ELSE $3::text END AS event
), said AS (
  SELECT message_amount($8::jsonb) AS amount_fen
), heard AS (
  -- Who was told of the case is told how it goes on, whatever its severity and sum are now.
  SELECT r.channel, c.recipient, route_tells(r.severity, r.amount_fen, $5::text, said.amount_fen) AS tells,
    r.digest <> 'off' AND $5::text <> 'urgent' AS held,
    message_due_at(r.digest, r.quiet_from, r.quiet_to, r.working_days, r.channel, $5::text, silence_end($2::text, now()))
      AS due_at
  FROM route r JOIN channel_recipient c USING (channel) CROSS JOIN said
  WHERE NOT (SELECT today FROM told)
    AND route_hears(r.rules, r.units, $4::text, $6::text, $7::text)
    AND (r.recipients = '{}' OR c.recipient = ANY (r.recipients))
    AND (route_tells(r.severity, r.amount_fen, $5::text, said.amount_fen)
      OR EXISTS (
        SELECT FROM message m
        WHERE m.case_key = $2::text AND m.channel = r.channel AND m.recipient = c.recipient))
), target AS (
  -- It leaves at the hours of the routes that tell of it; where none does, of those that hear of it.
  SELECT channel, recipient, coalesce(bool_and(held) FILTER (WHERE tells), bool_and(held)) AS held,
    coalesce(min(due_at) FILTER (WHERE tells), min(due_at)) AS due_at
  FROM heard
  GROUP BY channel, recipient
), event AS (
  SELECT e.finding_id, e.seq
  FROM finding_event e JOIN finding f USING (finding_id)
  WHERE e.run_id = $1::bigint AND f.code = ANY ($9::text[]) AND f.unit_code = $6::text
    AND ($10::text IS NULL OR f.subject = $10::text)
), waiting AS (
  SELECT u.finding_id, u.event_seq AS seq
  FROM untold u JOIN finding f USING (finding_id)
  WHERE f.code = ANY ($9::text[]) AND f.unit_code = $6::text AND ($10::text IS NULL OR f.subject = $10::text)
), queued AS (
  INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, recipient, payload, run_id, held,
    next_try_at)
  SELECT message_ref($11::date), $2::text, w.event, $4::text, $5::text, $6::text, t.channel, t.recipient,
    jsonb_set($8::jsonb, '{event}', to_jsonb(w.event)), $1::bigint, t.held,
    CASE WHEN t.due_at > now() THEN t.due_at ELSE clock_timestamp() END
  FROM (SELECT * FROM target ORDER BY channel COLLATE "C", recipient COLLATE "C") t CROSS JOIN word w
  RETURNING message_id
), linked AS (
  INSERT INTO message_finding (message_id, finding_id, event_seq)
  SELECT q.message_id, e.finding_id, e.seq
  FROM queued q CROSS JOIN (SELECT * FROM event UNION SELECT * FROM waiting) e
  RETURNING 1
), held AS (
  INSERT INTO untold (finding_id, event_seq)
  SELECT finding_id, seq FROM event WHERE (SELECT today FROM told)
  ON CONFLICT DO NOTHING
), cleared AS (
  DELETE FROM untold u USING waiting w
  WHERE NOT (SELECT today FROM told) AND u.finding_id = w.finding_id AND u.event_seq = w.seq
)
SELECT count(*) AS messages FROM queued
