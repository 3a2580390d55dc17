-- calendar_day_at(known): the reference data in force when batch `known` was committed. v_calendar_day: the current rows.
DROP FUNCTION IF EXISTS calendar_day_at(bigint);
CREATE FUNCTION calendar_day_at(known bigint) RETURNS SETOF calendar_day LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT day, kind, name, source, from_batch, to_batch
  FROM calendar_day WHERE from_batch <= known AND (to_batch IS NULL OR to_batch > known)
$$;
COMMENT ON FUNCTION calendar_day_at(bigint) IS 'rows in force when the batch of that number was the last one';

DROP VIEW IF EXISTS v_calendar_day;
CREATE VIEW v_calendar_day WITH (security_invoker = true) AS
SELECT day, kind, name, source, from_batch
FROM calendar_day WHERE to_batch IS NULL;
COMMENT ON VIEW v_calendar_day IS '工作日历 Rest days and make-up working days.';
COMMENT ON COLUMN v_calendar_day.day IS 'civil date';
COMMENT ON COLUMN v_calendar_day.kind IS 'holiday or workday';
COMMENT ON COLUMN v_calendar_day.name IS 'name of the holiday';
COMMENT ON COLUMN v_calendar_day.source IS 'where it was read';
COMMENT ON COLUMN v_calendar_day.from_batch IS 'batch that brought the row, 0 = shipped';
