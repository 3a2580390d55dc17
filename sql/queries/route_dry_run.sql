-- Who would have been told what of a period's cases under other routes: the messages that were written then, and the
-- changes of findings about arrears and calendars that no message told because no route wanted them. The rules are those
-- of message_queue.sql: who was told of a case hears how it goes on.
-- One row for each recipient and cause, in the order of time: when, case, event, rule, severity, unit, its name, amount in
-- fen or null, route names, channel, recipient, when it would have left, whether it would have waited for a digest.
-- $1 routes: [{"name", "channel", "recipients", "to", "rules", "units", "severity", "amount_fen", "digest", "quiet_from",
-- "quiet_to", "working_days"}], $2 since and $3 until (days, Beijing time)
WITH period AS (
  SELECT ($2::date)::timestamp AT TIME ZONE 'Asia/Shanghai' AS since,
    ($3::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS until
), route AS (
  SELECT r.*
  FROM jsonb_to_recordset($1::jsonb) AS r (name text, channel text, recipients text[], "to" text[], rules text[],
    units text[], severity text, amount_fen bigint, digest text, quiet_from time, quiet_to time, working_days boolean)
), told AS (
  SELECT DISTINCT ON (m.case_key, m.run_id) m.created_at AS at, m.case_key, m.event, m.rule_id, m.severity, m.unit_code,
    coalesce(m.payload #>> '{unit,name}', '') AS unit_name, coalesce(m.payload #>> '{department,code}', '') AS department,
    message_amount(m.payload) AS amount_fen
  FROM v_message m, period p
  WHERE m.created_at >= p.since AND m.created_at < p.until AND m.run_id IS NOT NULL
  ORDER BY m.case_key, m.run_id, m.message_id
), untold AS (
  SELECT min(e.at) AS at, k.case_key,
    CASE WHEN bool_and(e.event = 'closed') THEN 'closed' WHEN bool_and(e.event = 'opened') THEN 'opened' ELSE 'updated' END
      AS event,
    min(f.rule_id) AS rule_id,
    severity_of(max(severity_rank(f.severity))) AS severity,
    f.unit_code, coalesce(min(u.name), '') AS unit_name, min(f.department) AS department,
    sum(e.amount_fen) FILTER (WHERE f.code = 'arrears-overdue')::bigint AS amount_fen
  FROM period p
    JOIN v_finding_event e ON e.at >= p.since AND e.at < p.until AND e.run_id IS NOT NULL
    JOIN v_finding f USING (finding_id)
    CROSS JOIN LATERAL (SELECT CASE WHEN f.subject_kind = 'calendar' THEN 'calendar/' || f.subject
      ELSE 'arrears/' || f.unit_code END AS case_key) k
    LEFT JOIN v_unit u ON u.unit_code = f.unit_code
  WHERE f.code IN ('arrears-overdue', 'arrears-due-soon', 'calendar-missing')
    AND NOT EXISTS (SELECT FROM v_message_finding l WHERE l.finding_id = e.finding_id AND l.event_seq = e.seq)
  GROUP BY e.run_id, k.case_key, f.unit_code
), cause AS (
  SELECT *, row_number() OVER (ORDER BY at, case_key COLLATE "C") AS place
  FROM (SELECT * FROM told UNION ALL SELECT * FROM untold) AS c
), heard AS (
  SELECT c.*, r.name, r.channel, a.recipient, r.digest,
    route_tells(r.severity, r.amount_fen, c.severity, c.amount_fen) AS tells,
    bool_or(route_tells(r.severity, r.amount_fen, c.severity, c.amount_fen))
      OVER (PARTITION BY c.case_key, r.channel, a.recipient ORDER BY c.place) AS hears,
    message_due_at(r.digest, r.quiet_from, r.quiet_to, coalesce(r.working_days, false), r.channel, c.severity, c.at) AS due_at
  FROM cause c
    JOIN route r ON route_hears(r.rules, r.units, c.rule_id, c.unit_code, c.department)
    CROSS JOIN LATERAL unnest(r.recipients) AS a (recipient)
  WHERE r."to" = '{}' OR a.recipient = ANY (r."to")
)
SELECT to_char(min(at) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'), case_key, min(event), min(rule_id), min(severity),
  min(unit_code), min(unit_name), min(amount_fen), string_agg(DISTINCT name, ' '), channel, recipient,
  to_char(coalesce(min(due_at) FILTER (WHERE tells), min(due_at)) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'),
  coalesce(bool_and(digest <> 'off' AND severity <> 'urgent') FILTER (WHERE tells),
    bool_and(digest <> 'off' AND severity <> 'urgent'))
FROM heard
WHERE hears
GROUP BY place, case_key, channel, recipient
ORDER BY place, channel COLLATE "C", recipient COLLATE "C"
