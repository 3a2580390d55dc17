-- lpr_at(known): the reference data in force when batch `known` was committed. v_lpr: the current rows.
DROP FUNCTION IF EXISTS lpr_at(bigint);
CREATE FUNCTION lpr_at(known bigint) RETURNS SETOF lpr LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT published_on, one_year_ppm, confidence, from_batch, to_batch
  FROM lpr WHERE from_batch <= known AND (to_batch IS NULL OR to_batch > known)
$$;
COMMENT ON FUNCTION lpr_at(bigint) IS 'rows in force when the batch of that number was the last one';

DROP VIEW IF EXISTS v_lpr;
CREATE VIEW v_lpr WITH (security_invoker = true) AS
SELECT published_on, one_year_ppm, confidence, from_batch
FROM lpr WHERE to_batch IS NULL;
COMMENT ON VIEW v_lpr IS '贷款市场报价利率 One-year loan prime rate.';
COMMENT ON COLUMN v_lpr.published_on IS 'day of publication';
COMMENT ON COLUMN v_lpr.one_year_ppm IS 'parts per million per year';
COMMENT ON COLUMN v_lpr.confidence IS 'how sure the source is';
COMMENT ON COLUMN v_lpr.from_batch IS 'batch that brought the row, 0 = shipped';
