-- The cursors of a source, as the last committed pull left them, and the seconds since its last batch that held everything
-- ($1 = name).
SELECT s.watermark, s.etag, s.last_modified, s.next_link, (
  SELECT extract(epoch FROM now() - max(b.committed_at))::bigint FROM batch b WHERE b.source_id = s.source_id AND b.complete)
FROM source s WHERE s.name = $1
