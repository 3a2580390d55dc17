-- amendment_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_amendment: the current rows.
DROP FUNCTION IF EXISTS amendment_at(bigint);
CREATE FUNCTION amendment_at(known bigint) RETURNS SETOF amendment LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, contract_no, amended_on, occurrence, amount_change_fen, currency
  FROM amendment WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, contract_no, amended_on, occurrence, amount_change_fen, currency
  FROM amendment_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION amendment_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_amendment;
CREATE VIEW v_amendment WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, contract_no, amended_on, occurrence, amount_change_fen, currency
FROM amendment;
COMMENT ON VIEW v_amendment IS '合同变更 Changes of contract amounts.';
COMMENT ON COLUMN v_amendment.key IS 'hash of the natural key';
COMMENT ON COLUMN v_amendment.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_amendment.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_amendment.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_amendment.contract_no IS 'contract number';
COMMENT ON COLUMN v_amendment.amended_on IS 'day of the amendment';
COMMENT ON COLUMN v_amendment.occurrence IS 'file order among rows of one natural key, from 1';
COMMENT ON COLUMN v_amendment.amount_change_fen IS 'change of the contract amount, signed, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_amendment.currency IS 'ISO 4217 code';
