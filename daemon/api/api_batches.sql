-- Batch reports, newest first. $1 limit, $2 cursor: the number of the last row of the page before.
SELECT b.batch_id, b.source, to_char(b.started_at, 'YYYY-MM-DD"T"HH24:MI:SSOF'), to_char(b.committed_at, 'YYYY-MM-DD"T"HH24:MI:SSOF'),
       b.complete, b.rows_read, b.rows_new, b.rows_changed, b.rows_unchanged, b.rows_closed, b.rows_refused, b.rows_duplicate,
       b.rows_skipped, b.bytes, b.watermark, b.remarks, b.batch_id::text AS cursor
  FROM v_batch b
 WHERE $2::text IS NULL OR b.batch_id < $2::bigint
 ORDER BY b.batch_id DESC
 LIMIT $1::integer
