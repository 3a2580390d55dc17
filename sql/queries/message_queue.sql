-- Queues one message for every recipient of every channel that a matching route names, and links it with the events of
-- the run that it tells of. A channel named by several routes gets one.
-- $1 run_id, $2 case_key, $3 event, $4 rule_id, $5 severity, $6 unit_code, $7 department, $8 payload,
-- $9 finding codes (text[]), $10 subject or null, $11 day inside ref
WITH target AS (
  SELECT DISTINCT r.channel, c.recipient
  FROM route r JOIN channel_recipient c USING (channel)
  WHERE ('*' = ANY (r.rules) OR $4::text = ANY (r.rules))
    AND ('*' = ANY (r.units) OR $6::text = ANY (r.units) OR $7::text = ANY (r.units))
), queued AS (
  INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, recipient, payload, run_id)
  SELECT message_ref($11::date), $2::text, $3::text, $4::text, $5::text, $6::text, t.channel, t.recipient, $8::jsonb,
    $1::bigint
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
