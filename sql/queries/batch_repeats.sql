-- Whether batch $1 of source $2 brings again what the last one of the source brought: the same files ($5: "name sha256" in
-- order), read by the same program and rules ($3), with the same meaning of what is missing ($4), and no batch changed the
-- ledger in between. One row with that batch's counts, or none.
SELECT b.rows_read, b.rows_new + b.rows_changed + b.rows_unchanged, b.rows_refused, b.rows_duplicate, b.rows_skipped
FROM batch b
WHERE b.batch_id = (SELECT max(o.batch_id) FROM batch o WHERE o.source_id = $2::integer AND o.batch_id < $1::bigint)
  AND b.program = $3 AND b.complete = $4::boolean
  AND $5::text[] = (SELECT array_agg(f.name || ' ' || f.sha256 ORDER BY f.file_no) FROM batch_file f WHERE f.batch_id = b.batch_id)
  AND NOT EXISTS (
    SELECT FROM batch o
    WHERE o.batch_id > b.batch_id AND o.batch_id < $1::bigint AND o.rows_new + o.rows_changed + o.rows_closed > 0)
