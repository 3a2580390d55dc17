-- Rows that are gone.
COPY gone (kind, key) FROM STDIN (FORMAT binary)
