-- For the rest of this transaction: a first run is analyzed from as small a sample as a first load (batch_plan.sql), from its first ANALYZE on; what is
-- large is soon analyzed anew.
SELECT set_config('default_statistics_target', '25', true)
