-- Gives back messages that were leased ahead and not sent: as if they had not been leased.
-- $1 message ids, $2 their epochs
UPDATE message m
SET state = CASE WHEN m.last_class = 'unknown' THEN 'unknown' ELSE 'queued' END,
    attempts = m.attempts - 1, lease_until = NULL, next_try_at = silence_end(m.case_key, m.next_try_at),
    first_try_at = CASE WHEN m.attempts > 1 THEN m.first_try_at END
FROM unnest($1::bigint[], $2::bigint[]) AS held (message_id, lease_epoch)
WHERE m.message_id = held.message_id AND m.lease_epoch = held.lease_epoch AND m.state = 'sending'
