-- Leases that ended without an outcome: the sender died or was cut off, so the receiver may have the message.
-- $1 most rows
WITH lost AS (
  SELECT message_id
  FROM message
  WHERE state = 'sending' AND lease_until < now()
  ORDER BY message_id
  LIMIT $1::bigint
  FOR UPDATE SKIP LOCKED
), moved AS (
  UPDATE message m
  SET state = 'unknown', maybe_sent = true, lease_epoch = m.lease_epoch + 1, lease_until = NULL,
      next_try_at = silence_end(m.case_key, now()), last_class = 'unknown', last_answer = 'the sender ended before the outcome was recorded'
  FROM lost, message before
  WHERE m.message_id = lost.message_id AND before.message_id = lost.message_id
  RETURNING m.message_id, m.attempts, m.channel, m.recipient, m.last_answer, before.next_try_at AS started_at
), counter AS (
  UPDATE delivery_counter SET last_no = last_no + (SELECT count(*) FROM moved)
  WHERE EXISTS (SELECT FROM moved)
  RETURNING last_no
), version AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM moved)
)
INSERT INTO delivery
  (delivery_no, message_id, attempt, channel, recipient, started_at, finished_at, bytes, class, answer, requests)
SELECT counter.last_no + 1 - row_number() OVER (ORDER BY moved.message_id DESC),
       message_id, attempts, channel, recipient, started_at, now(), 0, 'unknown', last_answer,
       -- How many parts of it had left nobody knows: as many as one may have.
       coalesce((SELECT parts_max FROM channel c WHERE c.name = moved.channel), 1)
FROM moved, counter
