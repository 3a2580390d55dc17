-- One page of what stands on a channel: for each case the last message that its receiver has taken, unless its end waits
-- to be told or was refused, or a person asked for silence about it. What ended five minutes ago no longer stands.
-- $1 channel, $2 last case of the page before, $3 rows
WITH over AS (
  DELETE FROM standing WHERE channel = $1 AND ends_at < now()
)
SELECT m.message_id, m.ref, s.case_key, m.recipient, m.payload::text,
  coalesce(extract(epoch FROM m.first_try_at)::bigint, 0), s.severity
FROM standing s JOIN message m USING (message_id) JOIN channel c ON c.name = s.channel
WHERE s.channel = $1 AND s.case_key > $2
  AND c.enabled AND c.broken_since IS NULL AND (c.probe_at IS NULL OR c.probe_at <= now())
  AND (s.ends_at IS NULL OR s.ends_at >= now())
  AND silence_end(s.case_key, now()) = now()
  AND (s.ends_at IS NOT NULL OR NOT EXISTS (
    SELECT FROM message l
    WHERE l.case_key = m.case_key AND l.channel = m.channel AND l.recipient = m.recipient AND l.message_id > m.message_id
      AND l.event = 'closed'))
ORDER BY s.case_key
LIMIT $3::bigint
