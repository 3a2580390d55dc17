-- Quiet hours hold for every try, not for the first alone: what would leave while all routes that tell of it are quiet waits
-- for the first that is not, and so does the message that would probe an open circuit. Where no route tells of it by
-- severity and sum (the end of a case), those that hear of it count. A digest waits until each of its cases may be told.
-- Urgent messages and tests leave at any time.
-- $1 channel
WITH gate AS (
  SELECT broken_since IS NOT NULL AS broken FROM channel WHERE name = $1
), opens AS MATERIALIZED (
  SELECT r.rules, r.units, r.recipients, r.severity, r.amount_fen,
    message_due_at('off', r.quiet_from, r.quiet_to, r.working_days, r.channel, 'notice', now()) AS at
  FROM route r
  WHERE r.channel = $1
), leaving AS (
  SELECT m.message_id, m.recipient, coalesce(c.message_id, m.message_id) AS told_id,
    coalesce(c.rule_id, m.rule_id) AS rule_id, coalesce(c.severity, m.severity) AS severity,
    coalesce(c.unit_code, m.unit_code) AS unit_code,
    coalesce(coalesce(c.payload, m.payload) #>> '{department,code}', '') AS department,
    message_amount(coalesce(c.payload, m.payload)) AS amount_fen
  FROM message m CROSS JOIN gate g
    LEFT JOIN message c ON m.case_key LIKE 'digest/%' AND c.superseded_by = m.message_id
  WHERE EXISTS (SELECT FROM opens WHERE at > now())
    AND m.channel = $1 AND m.state IN ('queued', 'retry', 'unknown')
    AND (m.next_try_at <= now()
      OR g.broken AND m.state <> 'queued' AND (m.quiet_until IS NULL OR m.quiet_until <= now()))
    AND m.severity <> 'urgent' AND m.case_key NOT LIKE 'test/%'
), heard AS (
  SELECT l.message_id,
    coalesce(min(o.at) FILTER (WHERE route_tells(o.severity, o.amount_fen, l.severity, l.amount_fen)), min(o.at)) AS at
  FROM leaving l
    JOIN opens o ON (o.recipients = '{}' OR l.recipient = ANY (o.recipients))
      AND route_hears(o.rules, o.units, l.rule_id, l.unit_code, l.department)
  GROUP BY l.message_id, l.told_id
), due AS (
  SELECT message_id, max(at) AS at FROM heard GROUP BY message_id
), held AS (
  SELECT m.message_id, d.at FROM message m JOIN due d USING (message_id) WHERE d.at > now() FOR UPDATE OF m SKIP LOCKED
)
UPDATE message m SET quiet_until = h.at, next_try_at = greatest(m.next_try_at, h.at)
FROM held h
WHERE m.message_id = h.message_id AND m.state IN ('queued', 'retry', 'unknown')
