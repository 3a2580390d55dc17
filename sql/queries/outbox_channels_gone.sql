-- Channels that the configuration no longer names: their messages wait. What their endpoints had ended is over with it.
-- $1 names that are configured
UPDATE channel SET enabled = false, disabled_reason = 'not in the configuration'
WHERE (enabled OR disabled_reason <> 'not in the configuration') AND name <> ALL ($1::text[])
