-- A person asks for one more try of a message that was given up, refused, or waits for its next try. $1 = reference or
-- number. No row: no such message. again: false when its state does not allow it.
WITH chosen AS (
  SELECT message_id, ref, state FROM message WHERE ref = $1 OR message_id::text = $1 FOR UPDATE
), moved AS (
  UPDATE message m
     SET state = 'queued', next_try_at = clock_timestamp(), first_try_at = NULL
    FROM chosen c
   WHERE m.message_id = c.message_id AND c.state IN ('failed', 'rejected', 'retry', 'unknown')
  RETURNING m.message_id
), version AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM moved)
)
SELECT c.ref, c.state, EXISTS (SELECT FROM moved) AS again, pg_notify('setaside_outbox', '')
  FROM chosen c
