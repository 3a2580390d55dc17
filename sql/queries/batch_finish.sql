-- The counts of a batch, and its moment: known-at times are mapped by committed_at, taken under the writer's lock.
-- $12: what it looked like (JSON); null = as the batch of the source before it.
UPDATE batch b SET committed_at = clock_timestamp(), rows_read = $2::bigint, rows_new = $3::bigint, rows_changed = $4::bigint,
  rows_unchanged = $5::bigint, rows_closed = $6::bigint, rows_refused = $7::bigint, rows_duplicate = $8::bigint,
  rows_skipped = $9::bigint, bytes = $10::bigint, watermark = $11,
  profile = coalesce($12::jsonb, (
    SELECT o.profile FROM batch o WHERE o.source_id = b.source_id AND o.batch_id < b.batch_id ORDER BY o.batch_id DESC LIMIT 1), '{}')
WHERE b.batch_id = $1::bigint
