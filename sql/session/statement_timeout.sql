-- $1: milliseconds with unit ("29500ms"); $2: 'true' for the running transaction only, 'false' for the session.
SELECT set_config('statement_timeout', $1, $2::boolean)
