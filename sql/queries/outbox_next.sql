-- When something is due next, in milliseconds from now; null = nothing waits.
-- A follower waits for the message before it and for the digest with it, a channel for its probe, pause or rate budget, a
-- foreign lease for its end. (greatest() passes over nulls, so the null is kept by hand.)
SELECT CASE WHEN min(at) IS NOT NULL THEN greatest(0, ceil(extract(epoch FROM min(at) - now()) * 1000))::bigint END
FROM (
  -- The budget has room for a whole message when the newest of the requests that are too many leaves the window.
  SELECT greatest(w.open_at,
    CASE WHEN w.rate_count > 0 THEN (
      SELECT max(u.metered_at) + w.rate_window_ms * interval '1 millisecond'
      FROM (SELECT d.metered_at, sum(d.requests) OVER (ORDER BY d.metered_at DESC, d.delivery_no DESC) AS since
            FROM delivery d
            WHERE d.channel = w.name AND d.metered_at > now() - w.rate_window_ms * interval '1 millisecond') u
      WHERE u.since > w.rate_count - w.parts_max) END,
    CASE WHEN w.rate_second > 0 THEN (
      SELECT max(u.metered_at) + interval '1 second'
      FROM (SELECT d.metered_at, sum(d.requests) OVER (ORDER BY d.metered_at DESC, d.delivery_no DESC) AS since
            FROM delivery d WHERE d.channel = w.name AND d.metered_at > now() - interval '1 second') u
      WHERE u.since > w.rate_second - least(w.parts_max, w.rate_second)) END) AS at
  FROM (
  SELECT CASE WHEN c.broken_since IS NOT NULL THEN greatest(c.probe_at, head.quiet_until, head.silent_until)
      ELSE greatest(head.next_try_at, head.quiet_until, c.probe_at) END AS open_at,
      c.name, c.rate_count, c.rate_window_ms, c.rate_second, c.parts_max
  FROM channel c
  CROSS JOIN LATERAL (
    SELECT m.next_try_at, CASE WHEN m.severity <> 'urgent' THEN m.quiet_until END AS quiet_until,
      silence_end(m.case_key, now()) AS silent_until
    FROM message m
    WHERE m.channel = c.name AND m.state IN ('queued', 'retry', 'unknown')
      AND EXISTS (SELECT FROM channel_recipient a WHERE a.channel = m.channel AND a.recipient = m.recipient)
      AND NOT EXISTS (
        SELECT FROM message e
        WHERE e.case_key = m.case_key AND e.channel = m.channel AND e.recipient = m.recipient
          AND e.message_id < m.message_id AND e.state IN ('queued', 'sending', 'retry', 'unknown'))
      AND NOT EXISTS (
        SELECT FROM message e JOIN message d ON d.message_id = e.superseded_by
        WHERE e.case_key = m.case_key AND e.channel = m.channel AND e.recipient = m.recipient
          AND e.message_id < m.message_id AND e.state = 'superseded' AND d.message_id <> m.message_id
          AND d.state IN ('queued', 'sending', 'retry', 'unknown'))
    ORDER BY greatest(m.next_try_at, CASE WHEN m.severity <> 'urgent' THEN m.quiet_until END), m.message_id
    LIMIT 1) head
  WHERE c.enabled) AS w
  UNION ALL
  SELECT min(lease_until) FROM message WHERE state = 'sending'
) AS waits
