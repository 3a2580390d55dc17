-- quota_touched(after, last_day, today): whether quota figures may differ from those of a run that knew batch `after` and
-- looked at last_day, paid amounts apart: those follow the obligation states.
DROP FUNCTION IF EXISTS quota_touched(bigint, date, date);
CREATE FUNCTION quota_touched(after bigint, last_day date, today date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT today <> last_day
    OR EXISTS (SELECT FROM budget_item WHERE batch_id > after) OR EXISTS (SELECT FROM budget_item_history WHERE to_batch > after)
    OR EXISTS (SELECT FROM contract WHERE batch_id > after) OR EXISTS (SELECT FROM contract_history WHERE to_batch > after)
    OR EXISTS (SELECT FROM amendment WHERE batch_id > after) OR EXISTS (SELECT FROM amendment_history WHERE to_batch > after)
    OR EXISTS (SELECT FROM notice WHERE batch_id > after) OR EXISTS (SELECT FROM notice_history WHERE to_batch > after)
    OR EXISTS (SELECT FROM supplier WHERE batch_id > after) OR EXISTS (SELECT FROM supplier_history WHERE to_batch > after)
    OR EXISTS (SELECT FROM year_mark WHERE batch_id > after) OR EXISTS (SELECT FROM year_mark_history WHERE to_batch > after)
    OR EXISTS (SELECT FROM unit WHERE batch_id > after) OR EXISTS (SELECT FROM unit_history WHERE to_batch > after)
$$;
COMMENT ON FUNCTION quota_touched(bigint, date, date) IS 'whether quota figures have to be computed again';
