-- A person asks for one more try of messages that were given up, refused, or wait for their next try: of one, or of all
-- that match. One row for each that was found, in their order: reference, state before, whether it is queued again.
-- Of a range only those are found that may be. A digest whose cases have left by themselves may not: it would tell them
-- again. Nor may what is for somebody who is no longer a recipient. What a later message of its case has overtaken is found
-- and refused: closed never before opened.
-- $1 reference or number, or null for a range; $2 channel or null, $3 state or null, $4 since and $5 until (days, by when
-- they were written, Beijing time) or null; $6 person, $7 reason, $8 states from which a message may be replayed
WITH chosen AS (
  SELECT message_id, ref, state, case_key LIKE 'digest/%'
      AND NOT EXISTS (SELECT FROM message c WHERE c.superseded_by = message.message_id) AS emptied,
    -- A digest, when all that it tells is.
    message_overtaken(case_key, channel, recipient, message_id)
      OR case_key LIKE 'digest/%' AND (SELECT bool_and(message_overtaken(c.case_key, c.channel, c.recipient, c.message_id))
        FROM message c WHERE c.superseded_by = message.message_id) IS TRUE AS overtaken,
    NOT EXISTS (SELECT FROM channel_recipient a WHERE a.channel = message.channel AND a.recipient = message.recipient) AS left_out
  FROM message
  WHERE CASE WHEN $1::text IS NOT NULL THEN ref = $1::text OR message_id::text = $1::text
    ELSE state = ANY ($8::text[]) AND EXISTS (SELECT FROM channel_recipient a WHERE a.channel = message.channel AND a.recipient = message.recipient)
      AND (case_key NOT LIKE 'digest/%' OR EXISTS (SELECT FROM message c WHERE c.superseded_by = message.message_id))
      AND ($2::text IS NULL OR channel = $2::text) AND ($3::text IS NULL OR state = $3::text)
      AND ($4::date IS NULL OR created_at >= ($4::date)::timestamp AT TIME ZONE 'Asia/Shanghai')
      AND ($5::date IS NULL OR created_at < ($5::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') END
  ORDER BY message_id
  FOR UPDATE
), moved AS (
  UPDATE message m
     SET state = 'queued', next_try_at = clock_timestamp(), first_try_at = NULL
    FROM chosen c
   WHERE m.message_id = c.message_id AND c.state = ANY ($8::text[]) AND NOT c.emptied AND NOT c.overtaken AND NOT c.left_out
  RETURNING m.message_id
), noted AS (
  INSERT INTO message_replay (message_id, person, reason, state_before)
  SELECT c.message_id, $6::text, $7::text, c.state FROM chosen c JOIN moved USING (message_id)
), version AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM moved)
)
SELECT c.ref, c.state || CASE WHEN c.emptied THEN ' and its cases left by themselves' ELSE '' END
    || CASE WHEN c.overtaken THEN ' and a later message of its case has been told' ELSE '' END
    || CASE WHEN c.left_out THEN ' and its recipient is no longer in the configuration' ELSE '' END,
  EXISTS (SELECT FROM moved m WHERE m.message_id = c.message_id) AS again,
  pg_notify('setaside_outbox', '')
  FROM chosen c
 ORDER BY c.message_id
