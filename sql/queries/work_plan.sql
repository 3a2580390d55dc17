-- For this transaction: cursors are read to their end, and their sorts are large.
SELECT set_config('cursor_tuple_fraction', '1', true), set_config('work_mem', '64MB', true), set_config('jit', 'off', true)
