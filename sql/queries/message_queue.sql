-- Queues one message for every recipient of every channel that a matching route names, and links it with the events of
-- the run that it tells of. A channel named by several routes gets one.
-- $1 run_id, $2 case_key, $3 event, $4 rule_id, $5 severity, $6 unit_code, $7 department, $8 payload,
-- $9 finding codes (text[]), $10 subject or null, $11 day inside ref
WITH said AS (
  SELECT coalesce(($8::jsonb #>> '{arrears,overdue_fen}')::bigint,
    (SELECT max((r ->> 'gap_fen')::bigint) FROM jsonb_array_elements($8::jsonb #> '{quota,rows}') AS r)) AS amount_fen
), target AS (
  -- Who was told of the case is told how it goes on, whatever its severity and sum are now.
  SELECT r.channel, c.recipient, bool_and(r.digest <> 'off' AND $5::text <> 'urgent') AS held,
    min(message_due_at(r.digest, r.quiet_from, r.quiet_to, r.working_days, r.channel, $5::text, now())) AS due_at
  FROM route r JOIN channel_recipient c USING (channel) CROSS JOIN said
  WHERE ('*' = ANY (r.rules) OR $4::text = ANY (r.rules))
    AND ('*' = ANY (r.units) OR $6::text = ANY (r.units) OR $7::text = ANY (r.units))
    AND (r.recipients = '{}' OR c.recipient = ANY (r.recipients))
    AND ((array_position(ARRAY['info', 'notice', 'warning', 'urgent'], $5::text)
          >= array_position(ARRAY['info', 'notice', 'warning', 'urgent'], r.severity)
        AND (r.amount_fen = 0 OR said.amount_fen IS NULL OR said.amount_fen >= r.amount_fen))
      OR EXISTS (
        SELECT FROM message m
        WHERE m.case_key = $2::text AND m.channel = r.channel AND m.recipient = c.recipient))
  GROUP BY r.channel, c.recipient
), queued AS (
  INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, recipient, payload, run_id, held,
    next_try_at)
  SELECT message_ref($11::date), $2::text, $3::text, $4::text, $5::text, $6::text, t.channel, t.recipient, $8::jsonb, $1::bigint, t.held,
    CASE WHEN t.due_at > now() THEN t.due_at ELSE clock_timestamp() END
  FROM (SELECT * FROM target ORDER BY channel COLLATE "C", recipient COLLATE "C") t
  RETURNING message_id
), linked AS (
  INSERT INTO message_finding (message_id, finding_id, event_seq)
  SELECT q.message_id, e.finding_id, e.seq
  FROM queued q CROSS JOIN finding_event e JOIN finding f USING (finding_id)
  WHERE e.run_id = $1::bigint AND f.code = ANY ($9::text[]) AND f.unit_code = $6::text
    AND ($10::text IS NULL OR f.subject = $10::text)
  RETURNING 1
)
SELECT count(*) AS messages FROM queued
