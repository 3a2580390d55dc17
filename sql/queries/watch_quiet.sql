-- Digests that have nothing to tell say so, where their route wants it: a recipient to whom nothing was written in the whole
-- period gets one message at the time of the digest (within six hours after it, should the program have been away).
-- $1 program. done.affected is not used
WITH due AS (
  SELECT DISTINCT ON (r.channel, a.recipient) r.channel, a.recipient, m.at, m.at - m.period AS since
  FROM route r
    JOIN channel_recipient a ON a.channel = r.channel AND (r.recipients = '{}' OR a.recipient = ANY (r.recipients))
    CROSS JOIN LATERAL (
      SELECT p.period, message_due_at(r.digest, r.quiet_from, r.quiet_to, r.working_days, r.channel, 'info',
        now() - interval '6 hours') AS at
      FROM (SELECT CASE r.digest WHEN 'weekly' THEN interval '7 days' ELSE interval '1 day' END AS period) AS p) AS m
  WHERE r.all_quiet AND r.digest <> 'off' AND m.at <= now()
  ORDER BY r.channel, a.recipient, m.at DESC
), silent AS (
  SELECT d.* FROM due d
  WHERE NOT EXISTS (
    SELECT FROM message m
    WHERE m.channel = d.channel AND m.recipient = d.recipient AND m.created_at > d.since AND m.case_key NOT LIKE 'test/%'
      -- Of the period before: the last one said so at its own time.
      AND NOT (m.case_key = 'monitor/quiet' AND m.created_at < d.at))
), queued AS (
  INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, recipient, payload)
  SELECT message_ref((now() AT TIME ZONE 'Asia/Shanghai')::date), 'monitor/quiet', 'opened', 'M-1', 'info', 'district',
    channel, recipient, monitor_payload('opened', 'monitor/quiet', 'info', jsonb_build_object('fault', 'quiet',
      'detail', coalesce((SELECT to_char(finished_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')
        FROM check_run ORDER BY run_id DESC LIMIT 1), '–'),
      'since', to_char(since AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')), $1::text)
  FROM silent
  RETURNING 1
)
SELECT count(*), (SELECT count(*) FROM (SELECT pg_notify('setaside_outbox', '') FROM (SELECT FROM queued LIMIT 1) AS q) AS w)
FROM queued
