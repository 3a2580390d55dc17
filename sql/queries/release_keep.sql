-- The releases that batch $2 of source $1 brought. One that comes again replaces its former self.
INSERT INTO release_known (source_id, process, release, released_at, batch_id, file_no, place, bytes, print,
  rows_given)
SELECT DISTINCT ON (process, release) $1::integer, process, release, released_at, $2::bigint, file_no, place, bytes,
  print, rows_given
FROM released ORDER BY process, release, file_no DESC, place DESC
ON CONFLICT (source_id, process, release) DO UPDATE SET released_at = EXCLUDED.released_at, batch_id = EXCLUDED.batch_id,
  file_no = EXCLUDED.file_no, place = EXCLUDED.place, bytes = EXCLUDED.bytes, print = EXCLUDED.print,
  rows_given = EXCLUDED.rows_given
