-- Quiet hours hold for every try, not for the first alone: what is due while all routes that hear of it are quiet waits for
-- the first that is not. Urgent messages and tests leave at any time.
-- $1 channel
WITH opens AS MATERIALIZED (
  SELECT r.rules, r.units, r.recipients,
    message_due_at('off', r.quiet_from, r.quiet_to, r.working_days, r.channel, 'notice', now()) AS at
  FROM route r
  WHERE r.channel = $1
), due AS (
  SELECT m.message_id, min(o.at) AS at
  FROM message m
    JOIN opens o ON (o.recipients = '{}' OR m.recipient = ANY (o.recipients))
      AND (m.case_key LIKE 'digest/%'
        OR route_hears(o.rules, o.units, m.rule_id, m.unit_code, coalesce(m.payload #>> '{department,code}', '')))
  WHERE EXISTS (SELECT FROM opens WHERE at > now())
    AND m.channel = $1 AND m.state IN ('queued', 'retry', 'unknown') AND m.next_try_at <= now()
    AND m.severity <> 'urgent' AND m.case_key NOT LIKE 'test/%'
  GROUP BY m.message_id
  HAVING min(o.at) > now()
), held AS (
  SELECT m.message_id, d.at FROM message m JOIN due d USING (message_id) FOR UPDATE OF m SKIP LOCKED
)
UPDATE message m SET quiet_until = h.at, next_try_at = h.at
FROM held h
WHERE m.message_id = h.message_id AND m.state IN ('queued', 'retry', 'unknown')
