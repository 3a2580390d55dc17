-- Releases of the first batch of a source, each of which comes once.
COPY release_known (
  process, release, released_at, file_no, place, bytes, print, rows_given, source_id, batch_id
) FROM STDIN (FORMAT binary)
