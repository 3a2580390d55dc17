-- Opens a run under the writer's lock, which the caller's transaction took before (writer_lock_take.sql). One row: run_id,
-- the time it began (UTC text for payloads), whether a run of a later batch is on record, whether this run looks at
-- another day, batch, place, program or law than the last one, at reviews that no run took before it (review_take.sql),
-- decisions it did not see or at sources with other faults, whether it judges by the same place, program and law in force,
-- the day and the batch of the last run, whether any state is on record, and whether other people are registered than the
-- last run knew, and whether this run tells nobody: the first one, if it is to start quietly. Then it is as if nobody had
-- been registered yet, so that the next run tells what is still so. When the registration has changed since the last run
-- and somebody is registered, open findings that nobody was told of wait to be told (untold), and gaps whose telling nobody
-- heard count as not told.
-- $1 as_of, $2 known batch, $3 jurisdiction, $4 program version, $5 starts quietly
WITH last AS (
  SELECT as_of, known_batch, jurisdiction, program, law_print, started_at, routes_known FROM check_run
  WHERE part = 'law' ORDER BY run_id DESC LIMIT 1
), law AS (
  SELECT verdict_law($2::bigint, $3::text, $1::date) AS print
), quiet AS (
  SELECT $5::boolean AND NOT EXISTS (SELECT FROM last) AS silent
), opened AS (
  INSERT INTO check_run (as_of, known_batch, jurisdiction, program, law_print, started_at, obligations, states_written,
    routes_known)
  SELECT $1::date, $2::bigint, $3::text, $4::text, l.print, clock_timestamp(), 0, 0, CASE WHEN q.silent THEN -1 ELSE g.version END
  FROM law l CROSS JOIN registration g CROSS JOIN quiet q
  RETURNING run_id, started_at
), compared AS (
  SELECT l.as_of, l.known_batch, (l.jurisdiction, l.program, l.law_print) = ($3::text, $4::text, w.print) AS alike,
    EXISTS (SELECT FROM obligation_review r WHERE r.taken_at = now())
      OR EXISTS (SELECT FROM proposal p WHERE p.state = 'confirmed' AND p.decided_at > l.started_at)
      OR EXISTS (
        SELECT FROM v_source_faulty s FULL JOIN (
          SELECT subject, print FROM finding WHERE code = 'source-health' AND state <> 'closed') f ON f.subject = s.source
        WHERE f.print IS DISTINCT FROM s.print) AS moved,
    g.version <> l.routes_known AS registered
  FROM last l CROSS JOIN law w CROSS JOIN registration g
), opening AS (
  SELECT f.finding_id, max(e.seq) AS seq
  FROM finding f JOIN finding_event e USING (finding_id)
  WHERE (SELECT registered FROM compared) AND EXISTS (SELECT FROM route) AND f.state <> 'closed' AND e.event IN ('opened', 'reopened')
    AND f.code IN ('arrears-overdue', 'arrears-due-soon', 'calendar-missing', 'source-health') AND f.print NOT LIKE '%|far'
  GROUP BY f.finding_id
), unheard AS (
  INSERT INTO untold (finding_id, event_seq)
  SELECT e.finding_id, e.seq
  FROM opening o JOIN finding_event e ON e.finding_id = o.finding_id AND e.seq >= o.seq
  WHERE NOT EXISTS (SELECT FROM message_finding m WHERE m.finding_id = o.finding_id AND m.event_seq >= o.seq)
  ON CONFLICT DO NOTHING
), unheard_gap AS (
  DELETE FROM quota_told q
  WHERE (SELECT registered FROM compared) AND q.open
    AND NOT EXISTS (SELECT FROM message m WHERE m.case_key = concat_ws('/', 'quota', q.fiscal_year, q.scope))
)
SELECT o.run_id, to_char(o.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started_at,
  coalesce((SELECT max(known_batch) FROM check_run WHERE part = 'law') > $2::bigint, false) AS overtaken,
  NOT coalesce(c.alike AND c.as_of = $1::date AND c.known_batch = $2::bigint AND NOT c.moved
    AND NOT c.registered, false) AS differs,
  coalesce(c.alike, false) AS alike, c.as_of, c.known_batch, EXISTS (SELECT FROM obligation_state) AS any_state,
  coalesce(c.registered, false) AS registered, q.silent
FROM opened o CROSS JOIN quiet q LEFT JOIN compared c ON true
