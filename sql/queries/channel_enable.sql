-- A person has a channel work again that its endpoint had ended: with a closed circuit, but not before the end of a pause
-- that the endpoint had asked for. One row when the channel is known: whether it was enabled, why not, whether it is now,
-- and how many of its messages were refused.
-- $1 channel, $2 person, $3 reason
WITH chosen AS (
  SELECT name, enabled, disabled_reason FROM channel WHERE name = $1 FOR UPDATE
), moved AS (
  UPDATE channel c
  SET enabled = true, disabled_reason = '', failures = 0, broken_since = NULL,
      probe_at = CASE WHEN c.broken_since IS NULL THEN c.probe_at END
  FROM chosen
  WHERE c.name = chosen.name AND NOT chosen.enabled AND chosen.disabled_reason <> 'not in the configuration'
  RETURNING c.name
), noted AS (
  INSERT INTO channel_enabled (channel, person, reason, disabled_reason)
  SELECT name, $2::text, $3::text, chosen.disabled_reason FROM chosen JOIN moved USING (name)
), version AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM moved)
)
SELECT enabled, disabled_reason, EXISTS (SELECT FROM moved),
  (SELECT count(*) FROM message m WHERE m.channel = chosen.name AND m.state = 'rejected'),
  pg_notify('setaside_outbox', '')
FROM chosen
