-- Queues one test message for every recipient of a channel. $1 channel, $2 payload (alerts/payload.h), $3 civil day.
-- One row per message; none when there is no such channel.
WITH queued AS (
  INSERT INTO message (ref, case_key, event, rule_id, severity, channel, recipient, payload)
  SELECT message_ref($3::date), 'test/' || r.channel, 'opened', 'test', 'info', r.channel, r.recipient,
         $2::jsonb || jsonb_build_object('demonstration', i.demonstration)
    FROM channel_recipient r CROSS JOIN installation i
   WHERE r.channel = $1
   ORDER BY r.recipient
  RETURNING ref, recipient
)
SELECT ref, recipient, pg_notify('setaside_outbox', '') FROM queued
