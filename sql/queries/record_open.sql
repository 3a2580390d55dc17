-- Opens a look at the records under the writer's lock. The columns of check_open.sql, of which only the first three say
-- something here: run_id, the time it began, whether a look at a later batch is on record.
-- $1 as_of, $2 known batch, $3 jurisdiction, $4 program version
WITH opened AS (
  INSERT INTO check_run (part, as_of, known_batch, jurisdiction, program, started_at, obligations, states_written)
  VALUES ('records', $1::date, $2::bigint, $3::text, $4::text, clock_timestamp(), 0, 0)
  RETURNING run_id, started_at
)
SELECT run_id, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started_at,
  coalesce((SELECT max(known_batch) FROM check_run WHERE part = 'records') > $2::bigint, false) AS overtaken,
  true AS differs, false AS alike, NULL::date AS as_of, NULL::bigint AS known_batch, false AS any_state,
  false AS registered, false AS silent
FROM opened
