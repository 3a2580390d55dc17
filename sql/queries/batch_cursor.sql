-- The cursors of a source after a committed pull ($1 = source; watermark, etag, last_modified, next_link, ahead; null = as before).
UPDATE source SET watermark = coalesce($2, watermark), etag = coalesce($3, etag), last_modified = coalesce($4, last_modified),
  next_link = coalesce($5, next_link), ahead = coalesce($6, ahead), last_success_at = clock_timestamp(), last_failure = ''
WHERE source_id = $1::integer
