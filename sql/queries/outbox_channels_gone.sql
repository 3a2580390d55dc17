-- Channels that the configuration no longer names: their messages wait.
-- $1 names that are configured
UPDATE channel SET enabled = false, disabled_reason = 'not in the configuration'
WHERE enabled AND name <> ALL ($1::text[])
