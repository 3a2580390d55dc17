-- Releases of this batch.
COPY released (process, release, released_at, file_no, place, bytes) FROM STDIN (FORMAT binary)
