-- Opens a run under the writer's lock, which the caller's transaction took before (writer_lock_take.sql). One row: run_id,
-- the time it began (UTC text for payloads), whether a run of a later batch is on record, whether this run looks at
-- another day, batch, place, program or law than the last one, at reviews and decisions it did not see or at sources with
-- other faults, whether it judges by the same place, program and law, the
-- day and the batch of the last run, and whether any state is on record.
-- $1 as_of, $2 known batch, $3 jurisdiction, $4 program version
WITH last AS (
  SELECT as_of, known_batch, jurisdiction, program, law_print, started_at FROM check_run ORDER BY run_id DESC LIMIT 1
), law AS (
  SELECT verdict_law($2::bigint, $3::text) AS print
), opened AS (
  INSERT INTO check_run (as_of, known_batch, jurisdiction, program, law_print, started_at, obligations, states_written)
  SELECT $1::date, $2::bigint, $3::text, $4::text, print, clock_timestamp(), 0, 0 FROM law
  RETURNING run_id, started_at
), compared AS (
  SELECT l.as_of, l.known_batch, (l.jurisdiction, l.program, l.law_print) = ($3::text, $4::text, w.print) AS alike,
    EXISTS (SELECT FROM obligation_review r WHERE r.reviewed_at > l.started_at)
      OR EXISTS (SELECT FROM proposal p WHERE p.state = 'confirmed' AND p.decided_at > l.started_at)
      OR EXISTS (
        SELECT FROM v_source_faulty s FULL JOIN (
          SELECT subject, print FROM finding WHERE code = 'source-health' AND state <> 'closed') f ON f.subject = s.source
        WHERE f.print IS DISTINCT FROM s.print) AS moved
  FROM last l CROSS JOIN law w
)
SELECT o.run_id, to_char(o.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started_at,
  coalesce((SELECT max(known_batch) FROM check_run) > $2::bigint, false) AS overtaken,
  NOT coalesce(c.alike AND c.as_of = $1::date AND c.known_batch = $2::bigint AND NOT c.moved, false) AS differs,
  coalesce(c.alike, false) AS alike, c.as_of, c.known_batch, EXISTS (SELECT FROM obligation_state) AS any_state
FROM opened o LEFT JOIN compared c ON true
