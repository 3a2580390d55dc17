-- Opens a run under the writer's lock, which the caller's transaction took before (writer_lock_take.sql). One row: run_id,
-- the time it began (UTC text for payloads), whether a run of a later batch is on record, and whether this run looks at
-- another day or batch than the last one.
-- $1 as_of, $2 known batch, $3 jurisdiction, $4 program version
WITH last AS (
  SELECT as_of, known_batch, jurisdiction, program FROM check_run ORDER BY run_id DESC LIMIT 1
), opened AS (
  INSERT INTO check_run (as_of, known_batch, jurisdiction, program, started_at, obligations, states_written)
  VALUES ($1::date, $2::bigint, $3::text, $4::text, clock_timestamp(), 0, 0)
  RETURNING run_id, started_at
)
SELECT o.run_id, to_char(o.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started_at,
  coalesce((SELECT max(known_batch) FROM check_run) > $2::bigint, false) AS overtaken,
  NOT EXISTS (
    SELECT FROM last WHERE as_of = $1::date AND known_batch = $2::bigint AND jurisdiction = $3::text AND program = $4::text
  ) AS differs
FROM opened o
