-- One look at the program itself: what it saw of its own, and what the outbox shows of the channels. Each fault is told when
-- it comes up and when it has been over for ten minutes, through every channel whose route hears rule M-1 of the district
-- except the one that fails; who hears M-1 only later is told what still stands.
-- $1 own faults: [{"fault", "subject", "detail", "value"}], $2 seconds from which a clock is off, $3 program
WITH seen AS (
  SELECT fault, subject, detail, value, to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS since
  FROM jsonb_to_recordset($1::jsonb) AS r (fault text, subject text, detail text, value bigint)
  UNION ALL
  SELECT 'channel', c.name,
    CASE WHEN c.enabled THEN coalesce((SELECT d.answer FROM delivery d WHERE d.channel = c.name AND d.class <> 'acknowledged'
      ORDER BY d.finished_at DESC LIMIT 1), '') ELSE c.disabled_reason END,
    c.failures, to_char(coalesce(c.broken_since, now()) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')
  FROM channel c
  WHERE (c.enabled AND c.broken_since < now() - interval '5 minutes')
    OR (NOT c.enabled AND c.disabled_reason <> 'not in the configuration')
  UNION ALL
  SELECT 'undelivered', m.channel, (array_agg(m.last_answer ORDER BY m.message_id DESC))[1], count(*), ''
  FROM message m JOIN channel c ON c.name = m.channel AND c.enabled
  WHERE m.state IN ('failed', 'rejected') AND m.case_key NOT LIKE 'test/%' AND m.case_key NOT LIKE 'monitor/%'
    AND EXISTS (SELECT FROM channel_recipient a WHERE a.channel = m.channel AND a.recipient = m.recipient)
    AND NOT message_overtaken(m.case_key, m.channel, m.recipient, m.message_id)
  GROUP BY m.channel
  UNION ALL
  -- The endpoint answers, and does not take these: the third time somebody hears of it.
  SELECT 'refused', m.channel, (array_agg(m.last_answer ORDER BY m.message_id DESC))[1], count(*), ''
  FROM message m
    JOIN channel c ON c.name = m.channel AND c.enabled AND c.broken_since IS NULL AND (c.probe_at IS NULL OR c.probe_at <= now())
  WHERE m.state = 'retry' AND m.last_class = 'retry-later' AND m.attempts >= 3
    AND m.case_key NOT LIKE 'test/%' AND m.case_key NOT LIKE 'monitor/%'
    AND EXISTS (SELECT FROM channel_recipient a WHERE a.channel = m.channel AND a.recipient = m.recipient)
  GROUP BY m.channel
  UNION ALL
  SELECT 'clock', name, '', abs(clock_ahead_s), '' FROM channel WHERE enabled AND abs(clock_ahead_s) >= $2::bigint
), kept AS (
  INSERT INTO monitor_fault (fault, subject) SELECT fault, subject FROM seen
  ON CONFLICT (fault, subject) DO UPDATE SET seen_at = now()
  RETURNING fault, subject, opened_at, xmax = 0 AS fresh
), over AS (
  DELETE FROM monitor_fault f
  WHERE f.seen_at < now() - interval '10 minutes'
    AND NOT EXISTS (SELECT FROM seen s WHERE s.fault = f.fault AND s.subject = f.subject)
  RETURNING f.fault, f.subject, to_char(f.opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS since
), news AS (
  SELECT 'opened' AS event, s.fault, s.subject, s.detail, s.value, s.since, k.fresh, k.opened_at
  FROM seen s JOIN kept k USING (fault, subject)
  UNION ALL
  SELECT 'closed', fault, subject, '', 0, since, true, NULL FROM over
), told AS (
  SELECT n.*, 'monitor/' || n.fault || CASE WHEN n.subject <> '' THEN '/' || n.subject ELSE '' END AS case_key FROM news n
), target AS (
  SELECT DISTINCT ON (t.case_key, r.channel, a.recipient) t.*, r.channel, a.recipient
  FROM told t
    JOIN route r ON route_hears(r.rules, r.units, 'M-1', 'district', '')
    JOIN channel c ON c.name = r.channel AND c.enabled
    JOIN channel_recipient a ON a.channel = r.channel AND (r.recipients = '{}' OR a.recipient = ANY (r.recipients))
  WHERE NOT (t.fault IN ('channel', 'undelivered', 'refused') AND t.subject = r.channel)
    AND (route_tells(r.severity, 0, 'warning', NULL)
      OR EXISTS (SELECT FROM message m WHERE m.case_key = t.case_key AND m.channel = r.channel
        AND m.recipient = a.recipient))
    AND (t.fresh OR NOT EXISTS (SELECT FROM message m WHERE m.case_key = t.case_key AND m.channel = r.channel
      AND m.recipient = a.recipient AND m.created_at >= t.opened_at))
  ORDER BY t.case_key, r.channel, a.recipient
), queued AS (
  INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, recipient, payload)
  SELECT message_ref((now() AT TIME ZONE 'Asia/Shanghai')::date), case_key, event, 'M-1', 'warning', 'district', channel,
    recipient, monitor_payload(event, case_key, 'warning', jsonb_build_object('fault', fault, 'subject', subject,
      'detail', detail, 'value', value, 'since', since), $3::text)
  FROM target
  RETURNING 1
), version AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM queued)
), woken AS (
  SELECT pg_notify('setaside_outbox', '') FROM (SELECT FROM queued LIMIT 1) AS q
)
SELECT t.event, t.fault, t.subject, t.detail, t.value,
  (SELECT count(*) FROM target x WHERE x.case_key = t.case_key) AS told, (SELECT count(*) FROM woken)
FROM told t
WHERE t.fresh OR EXISTS (SELECT FROM target x WHERE x.case_key = t.case_key)
