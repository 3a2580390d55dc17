-- The rows of a first run are there: now their indexes.
SELECT state_index_make()
