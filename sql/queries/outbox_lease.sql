-- Leases due messages of one channel, the first unfinished one of each case and recipient, within the rate budget: the
-- ledger of deliveries is the meter, so a restart cannot burst.
-- An open circuit gives one message, whatever its wait but a silence, when the probe is due. Another session that is the
-- sender: none. Nothing leaves for a recipient who is no longer one.
-- $1 channel, $2 most rows, $3 lease in seconds
WITH gate AS (
  SELECT name, broken_since IS NOT NULL AS broken, rate_count, rate_window_ms, rate_second, parts_max,
    least(parts_max, rate_second) AS in_second -- the parts of a message are paced
  FROM channel
  WHERE name = $1 AND enabled AND (probe_at IS NULL OR probe_at <= now()) AND sender_lock() = ''
  FOR NO KEY UPDATE
), used AS (
  SELECT
    (SELECT coalesce(sum(requests), 0) FROM delivery
     WHERE channel = $1 AND metered_at > now() - rate_window_ms * interval '1 millisecond') AS in_window,
    (SELECT coalesce(sum(requests), 0) FROM delivery
     WHERE channel = $1 AND metered_at > now() - interval '1 second') AS in_second,
    (SELECT count(*) FROM message WHERE channel = $1 AND state = 'sending') AS sending
  FROM gate
  WHERE rate_count > 0
), room AS (
  -- What is leased may take as many requests as one message may have.
  SELECT least(CASE WHEN broken THEN 1 ELSE $2::bigint END,
    CASE WHEN rate_count > 0 THEN (rate_count - used.in_window - used.sending * parts_max) / parts_max END,
    CASE WHEN rate_second > 0
      THEN (rate_second - used.in_second - used.sending * gate.in_second) / gate.in_second END) AS messages
  FROM gate LEFT JOIN used ON true
), due AS (
  SELECT m.message_id
  FROM message m JOIN gate g ON g.name = m.channel
  WHERE m.channel = $1
    AND m.state IN ('queued', 'retry', 'unknown')
    AND (m.next_try_at <= now() OR (g.broken AND m.state <> 'queued' AND silence_end(m.case_key, now()) = now()))
    AND EXISTS (SELECT FROM channel_recipient a WHERE a.channel = m.channel AND a.recipient = m.recipient)
    AND (m.quiet_until IS NULL OR m.quiet_until <= now() OR m.severity = 'urgent')
    AND NOT EXISTS (
      SELECT FROM message e
      WHERE e.case_key = m.case_key AND e.channel = m.channel AND e.recipient = m.recipient
        AND e.message_id < m.message_id AND e.state IN ('queued', 'sending', 'retry', 'unknown'))
    -- What went into a digest has left only when the digest has.
    AND NOT EXISTS (
      SELECT FROM message e JOIN message d ON d.message_id = e.superseded_by
      WHERE e.case_key = m.case_key AND e.channel = m.channel AND e.recipient = m.recipient
        AND e.message_id < m.message_id AND e.state = 'superseded' AND d.message_id <> m.message_id
        AND d.state IN ('queued', 'sending', 'retry', 'unknown'))
  ORDER BY m.next_try_at, m.message_id
  LIMIT (SELECT greatest(0, messages) FROM room)
  FOR UPDATE OF m SKIP LOCKED
), leased AS (
  UPDATE message m
  SET state = 'sending', attempts = m.attempts + 1, lease_epoch = m.lease_epoch + 1,
      lease_until = now() + $3::integer * interval '1 second', next_try_at = now(),
      first_try_at = coalesce(m.first_try_at, now())
  FROM due
  WHERE m.message_id = due.message_id
  RETURNING m.*
), probe AS (
  -- Two pumps must not probe at once; the outcome sets the true time.
  UPDATE channel c SET probe_at = now() + $3::integer * interval '1 second'
  WHERE c.name = $1 AND c.broken_since IS NOT NULL AND EXISTS (SELECT FROM leased)
)
SELECT message_id, lease_epoch, attempts, ref, case_key, channel, recipient, payload::text,
       extract(epoch FROM first_try_at)::bigint,
       (extract(epoch FROM now() - first_try_at) * 1000)::bigint,
       maybe_sent, parts_done,
       coalesce((SELECT s.severity FROM standing s WHERE s.channel = l.channel AND s.case_key = l.case_key), '')
FROM leased l
ORDER BY message_id
