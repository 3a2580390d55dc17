-- For this transaction: cursors are read to their end, and when everything is judged their sorts are large. A run over a few
-- changes keeps the server's own work_mem: hash tables are sized by guesses, and making a large one costs more than the run.
-- $1 whether everything is judged
SELECT set_config('cursor_tuple_fraction', '1', true),
  CASE WHEN $1::boolean THEN set_config('work_mem', '64MB', true) END
