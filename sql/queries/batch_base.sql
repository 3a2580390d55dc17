-- The last batch of source $2 before batch $1, one row for each of its files, when this batch may say only what differs
-- from it: read by the same program and rules ($3), with the same meaning of what is missing ($4); every good row of it is
-- current as it left it, since no later batch changed rows of its kinds; and each of its rows stands for itself: no key
-- came twice or clashed, no totals line speaks of others, no refusal without a key is open.
SELECT b.rows_read, b.rows_new + b.rows_changed + b.rows_unchanged AS rows_good, b.rows_refused,
  f.kind, f.sha256, b.profile
FROM batch b JOIN batch_file f ON f.batch_id = b.batch_id
WHERE b.batch_id = (SELECT max(o.batch_id) FROM batch o WHERE o.source_id = $2::integer AND o.batch_id < $1::bigint)
  AND b.program = $3 AND b.complete = $4::boolean AND b.rows_duplicate = 0 AND b.rows_skipped = 0
  AND NOT EXISTS (
    SELECT FROM batch o LEFT JOIN batch_file g ON g.batch_id = o.batch_id
    WHERE o.batch_id > b.batch_id AND o.batch_id < $1::bigint AND o.rows_new + o.rows_changed + o.rows_closed > 0
      AND (g.kind IS NULL OR g.kind = '' OR g.kind IN (SELECT own.kind FROM batch_file own WHERE own.batch_id = b.batch_id)))
  AND NOT EXISTS (SELECT FROM quarantine q WHERE q.batch_id > b.batch_id AND q.resolved_batch IS NULL)
  AND NOT EXISTS (
    SELECT FROM quarantine q JOIN batch o ON o.batch_id = q.batch_id
    WHERE o.source_id = $2::integer AND q.resolved_batch IS NULL
      AND (q.code IN ('clash', 'duplicate') OR q.row_key IS NULL))
ORDER BY f.file_no
