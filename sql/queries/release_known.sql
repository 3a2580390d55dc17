-- Every release that source $1 sent in earlier batches, by process, and the file that holds it ('' for organisations).
SELECT replace(r.process::text, '-', ''), r.release, r.released_at, r.batch_id, r.file_no, r.place, r.bytes,
  coalesce(f.sha256, '')
FROM release_known r LEFT JOIN batch_file f USING (batch_id, file_no)
WHERE r.source_id = $1::integer
ORDER BY r.process, r.release
