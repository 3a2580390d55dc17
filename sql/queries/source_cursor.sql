-- The cursors of a source, as the last committed pull left them, the seconds since its last batch that held everything, and
-- the program and rules that read its last batch ($1 = name).
SELECT s.watermark, s.etag, s.last_modified, s.next_link,
  (SELECT extract(epoch FROM now() - max(b.committed_at))::bigint FROM batch b WHERE b.source_id = s.source_id AND b.complete),
  coalesce((SELECT b.program FROM batch b WHERE b.source_id = s.source_id ORDER BY b.batch_id DESC LIMIT 1), '')
FROM source s WHERE s.name = $1
