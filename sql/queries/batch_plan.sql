-- For this batch alone: keys are looked up one by one when few came, compared as a whole in memory when many did, and
-- no statement is worth compiling. A first load is analyzed from a smaller sample; what is large is soon analyzed anew.
SELECT set_config('random_page_cost', '1.1', true), set_config('work_mem', '32MB', true), set_config('jit', 'off', true),
  set_config('default_statistics_target', '25', true)
