-- size_standard_at(known): the reference data in force when batch `known` was committed. v_size_standard: the current rows.
DROP FUNCTION IF EXISTS size_standard_at(bigint);
CREATE FUNCTION size_standard_at(known bigint) RETURNS SETOF size_standard LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT standard_id, industry_code, industry, gbt4754, indicator, unit, small_lower, medium_lower, large_lower, from_batch, to_batch
  FROM size_standard WHERE from_batch <= known AND (to_batch IS NULL OR to_batch > known)
$$;
COMMENT ON FUNCTION size_standard_at(bigint) IS 'rows in force when the batch of that number was the last one';

DROP VIEW IF EXISTS v_size_standard;
CREATE VIEW v_size_standard WITH (security_invoker = true) AS
SELECT standard_id, industry_code, industry, gbt4754, indicator, unit, small_lower, medium_lower, large_lower, from_batch
FROM size_standard WHERE to_batch IS NULL;
COMMENT ON VIEW v_size_standard IS '划型标准 Lower bounds of the size classes.';
COMMENT ON COLUMN v_size_standard.standard_id IS 'which standard';
COMMENT ON COLUMN v_size_standard.industry_code IS 'code of the industry group';
COMMENT ON COLUMN v_size_standard.industry IS 'its name';
COMMENT ON COLUMN v_size_standard.gbt4754 IS 'GB/T 4754 codes, separated by ;';
COMMENT ON COLUMN v_size_standard.indicator IS 'employees, revenue or assets';
COMMENT ON COLUMN v_size_standard.unit IS 'unit of the bounds: yuan or person';
COMMENT ON COLUMN v_size_standard.small_lower IS 'lower bound of small, in unit';
COMMENT ON COLUMN v_size_standard.medium_lower IS 'lower bound of medium, in unit';
COMMENT ON COLUMN v_size_standard.large_lower IS 'lower bound of large, in unit';
COMMENT ON COLUMN v_size_standard.from_batch IS 'batch that brought the row, 0 = shipped';
