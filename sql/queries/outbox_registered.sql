-- After the routes were written: what the pages show has changed, and, if another set of people hears other things now, the
-- next run tells them what nobody was told (check_open.sql). What waits for the end of quiet hours asks the new ones.
WITH hears AS (
  SELECT coalesce(md5(string_agg(concat_ws(' ', r::text, c.recipient), E'\n'
    ORDER BY r.name COLLATE "C", r.channel COLLATE "C", c.recipient COLLATE "C")), '') AS print
  FROM route r JOIN channel_recipient c USING (channel)
), changed AS (
  UPDATE registration g SET version = version + 1, print = h.print FROM hears h WHERE g.print <> h.print
), asked AS (
  UPDATE message SET quiet_until = NULL, next_try_at = silence_end(case_key, now())
  WHERE quiet_until > now() AND state IN ('queued', 'retry', 'unknown')
)
UPDATE state_version SET version = version + 1
