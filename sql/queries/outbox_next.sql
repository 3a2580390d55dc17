-- When something is due next, in milliseconds from now; null = nothing waits.
-- A follower waits for the message before it, a channel for its probe or pause, a foreign lease for its end.
-- (greatest() passes over nulls, so the null is kept by hand.)
SELECT CASE WHEN min(at) IS NOT NULL THEN greatest(0, ceil(extract(epoch FROM min(at) - now()) * 1000))::bigint END
FROM (
  SELECT CASE WHEN c.broken_since IS NOT NULL THEN c.probe_at ELSE greatest(head.next_try_at, c.probe_at) END AS at
  FROM channel c
  CROSS JOIN LATERAL (
    SELECT m.next_try_at
    FROM message m
    WHERE m.channel = c.name AND m.state IN ('queued', 'retry', 'unknown')
      AND NOT EXISTS (
        SELECT FROM message e
        WHERE e.case_key = m.case_key AND e.channel = m.channel AND e.recipient = m.recipient
          AND e.message_id < m.message_id AND e.state IN ('queued', 'sending', 'retry', 'unknown'))
    ORDER BY m.next_try_at, m.message_id
    LIMIT 1) head
  WHERE c.enabled
  UNION ALL
  SELECT min(lease_until) FROM message WHERE state = 'sending'
) AS waits
