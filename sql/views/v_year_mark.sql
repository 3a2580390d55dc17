-- year_mark_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_year_mark: the current rows.
DROP FUNCTION IF EXISTS year_mark_at(bigint);
CREATE FUNCTION year_mark_at(known bigint) RETURNS SETOF year_mark LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, fiscal_year, unit_code, mark, marked_on, marked_by, reason
  FROM year_mark WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, fiscal_year, unit_code, mark, marked_on, marked_by, reason
  FROM year_mark_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION year_mark_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_year_mark;
CREATE VIEW v_year_mark WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, fiscal_year, unit_code, mark, marked_on, marked_by, reason
FROM year_mark;
COMMENT ON VIEW v_year_mark IS '年度登记 What a person declared about a fiscal year: budget complete, final snapshot closed.';
COMMENT ON COLUMN v_year_mark.key IS 'hash of the natural key';
COMMENT ON COLUMN v_year_mark.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_year_mark.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_year_mark.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_year_mark.fiscal_year IS 'budget year';
COMMENT ON COLUMN v_year_mark.unit_code IS 'department; empty = the whole district';
COMMENT ON COLUMN v_year_mark.mark IS 'budget-complete: the budget of the year is in, also if it is empty; closed: the final snapshot is closed; notice-published: the year''s execution was published';
COMMENT ON COLUMN v_year_mark.marked_on IS 'day of the declaration';
COMMENT ON COLUMN v_year_mark.marked_by IS 'who declared it';
COMMENT ON COLUMN v_year_mark.reason IS 'basis, in words';
