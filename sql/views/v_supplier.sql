-- supplier_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_supplier: the current rows.
DROP FUNCTION IF EXISTS supplier_at(bigint);
CREATE FUNCTION supplier_at(known bigint) RETURNS SETOF supplier LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, uscc, name, size_class, industry_code, employees, revenue_fen,
    assets_fen, size_year, size_source, deemed, large_controlled
  FROM supplier WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, uscc, name, size_class, industry_code, employees, revenue_fen,
    assets_fen, size_year, size_source, deemed, large_controlled
  FROM supplier_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION supplier_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_supplier;
CREATE VIEW v_supplier WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, uscc, name, size_class, industry_code, employees, revenue_fen, assets_fen,
  size_year, size_source, deemed, large_controlled
FROM supplier;
COMMENT ON VIEW v_supplier IS '供应商 Suppliers.';
COMMENT ON COLUMN v_supplier.key IS 'hash of the natural key';
COMMENT ON COLUMN v_supplier.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_supplier.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_supplier.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_supplier.uscc IS 'unified social credit code, 18 characters';
COMMENT ON COLUMN v_supplier.name IS 'name as the source writes it';
COMMENT ON COLUMN v_supplier.size_class IS 'L M S X = large, medium, small, micro; empty = unknown';
COMMENT ON COLUMN v_supplier.industry_code IS 'code of size_standard or GB/T 4754-2017';
COMMENT ON COLUMN v_supplier.employees IS 'persons';
COMMENT ON COLUMN v_supplier.revenue_fen IS 'yearly revenue, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_supplier.assets_fen IS 'total assets, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_supplier.size_year IS 'calendar year of the figures';
COMMENT ON COLUMN v_supplier.size_source IS 'declared, register or computed';
COMMENT ON COLUMN v_supplier.deemed IS 'none, disabled_welfare or prison';
COMMENT ON COLUMN v_supplier.large_controlled IS 'controlled by a large enterprise';
