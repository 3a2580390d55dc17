-- Releases of this batch.
COPY released (process, release, released_at, file_no, place, bytes, print, rows_given) FROM STDIN (FORMAT binary)
