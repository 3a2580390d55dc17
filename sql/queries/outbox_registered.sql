-- After the routes were written: what the pages show has changed, and, if another set of people hears other things now, the
-- next run tells them what nobody was told (check_open.sql). What waits for the end of quiet hours asks the new ones. What
-- waits for somebody who is no longer a recipient will not leave.
WITH hears AS (
  SELECT coalesce(md5(string_agg(concat_ws(' ', r::text, c.recipient), E'\n'
    ORDER BY r.name COLLATE "C", r.channel COLLATE "C", c.recipient COLLATE "C")), '') AS print
  FROM route r JOIN channel_recipient c USING (channel)
), changed AS (
  UPDATE registration g SET version = version + 1, print = h.print FROM hears h WHERE g.print <> h.print
), left_out AS (
  UPDATE message m SET state = 'failed', last_answer = 'the recipient is no longer in the configuration of the channel'
  WHERE m.state IN ('queued', 'retry', 'unknown')
    AND EXISTS (SELECT FROM channel c WHERE c.name = m.channel AND c.disabled_reason <> 'not in the configuration')
    AND NOT EXISTS (SELECT FROM channel_recipient a WHERE a.channel = m.channel AND a.recipient = m.recipient)
), asked AS (
  UPDATE message SET quiet_until = NULL, next_try_at = silence_end(case_key, now())
  WHERE quiet_until > now() AND state IN ('queued', 'retry', 'unknown')
    AND EXISTS (SELECT FROM channel_recipient a WHERE a.channel = message.channel AND a.recipient = message.recipient)
)
UPDATE state_version SET version = version + 1
