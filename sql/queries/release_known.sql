-- Every release that source $1 sent in batches before $2, by process, and the file that holds it ('' for organisations). Its
-- print is given only where its rows stand as it left them: it was read by the same program and rules ($3) as now, no batch
-- of another source changed rows of kinds that releases give since, and no row of the source waits because its key came
-- twice. $4: nothing is taken for granted, no print is given.
WITH stands AS (
  SELECT coalesce(max(o.batch_id), 0) AS after,
    $4::boolean OR EXISTS (
      SELECT FROM quarantine q JOIN batch b USING (batch_id)
      WHERE b.source_id = $1::integer AND q.resolved_batch IS NULL AND q.code IN ('clash', 'duplicate')) AS doubtful
  FROM batch o
  WHERE o.batch_id < $2::bigint AND (
    o.source_id = $1::integer AND o.program <> $3
    OR o.source_id <> $1::integer AND o.rows_new + o.rows_changed + o.rows_closed > 0 AND (
      NOT EXISTS (SELECT FROM batch_file f WHERE f.batch_id = o.batch_id)
      OR EXISTS (
        SELECT FROM batch_file f
        WHERE f.batch_id = o.batch_id AND f.kind IN (
          '', 'unit', 'supplier', 'notice', 'award', 'contract', 'party', 'amendment', 'event', 'obligation', 'payment'))))
)
SELECT replace(r.process::text, '-', ''), r.release, r.released_at, r.batch_id, r.file_no, r.place, r.bytes,
  coalesce(f.sha256, ''), CASE WHEN s.doubtful OR r.batch_id <= s.after THEN 0 ELSE r.print END, r.rows_given
FROM stands s CROSS JOIN release_known r LEFT JOIN batch_file f USING (batch_id, file_no)
WHERE r.source_id = $1::integer
ORDER BY r.process, r.release
