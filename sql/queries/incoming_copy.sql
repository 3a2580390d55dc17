-- Narrow rows of pass 1.
COPY incoming (kind, key, print, ordinal, place, owner) FROM STDIN (FORMAT binary)
