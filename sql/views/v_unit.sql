-- unit_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_unit: the current rows.
DROP FUNCTION IF EXISTS unit_at(bigint);
CREATE FUNCTION unit_at(known bigint) RETURNS SETOF unit LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, unit_code, uscc, name, parent_code, kind, valid_from, valid_to, contact
  FROM unit WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, unit_code, uscc, name, parent_code, kind, valid_from, valid_to, contact
  FROM unit_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION unit_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_unit;
CREATE VIEW v_unit WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, unit_code, uscc, name, parent_code, kind, valid_from, valid_to, contact
FROM unit;
COMMENT ON VIEW v_unit IS '预算单位 Budget units and other debtors, by period of validity.';
COMMENT ON COLUMN v_unit.key IS 'hash of the natural key';
COMMENT ON COLUMN v_unit.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_unit.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_unit.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_unit.unit_code IS 'code of the budget unit';
COMMENT ON COLUMN v_unit.uscc IS 'unified social credit code, 18 characters';
COMMENT ON COLUMN v_unit.name IS 'name as the source writes it';
COMMENT ON COLUMN v_unit.parent_code IS 'code of the unit above, empty at the top';
COMMENT ON COLUMN v_unit.kind IS 'kind, one of the words of the exchange profile';
COMMENT ON COLUMN v_unit.valid_from IS 'first valid day';
COMMENT ON COLUMN v_unit.valid_to IS 'last valid day, null = open';
COMMENT ON COLUMN v_unit.contact IS 'who answers for procurement there: office and telephone';
