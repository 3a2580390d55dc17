-- $1: names of channels, comma-separated, for the statement in listen.sql (LISTEN takes no parameter).
SELECT set_config('setaside.listen', $1, false)
