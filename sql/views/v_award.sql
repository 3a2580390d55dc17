-- award_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_award: the current rows.
DROP FUNCTION IF EXISTS award_at(bigint);
CREATE FUNCTION award_at(known bigint) RETURNS SETOF award LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, award_id, process_id, unit_code, buyer_name, title, status,
    awarded_on, amount_fen, currency
  FROM award WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, award_id, process_id, unit_code, buyer_name, title, status,
    awarded_on, amount_fen, currency
  FROM award_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION award_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_award;
CREATE VIEW v_award WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, award_id, process_id, unit_code, buyer_name, title, status, awarded_on,
  amount_fen, currency
FROM award;
COMMENT ON VIEW v_award IS '中标结果 Awards; the amount counts once whatever the number of suppliers.';
COMMENT ON COLUMN v_award.key IS 'hash of the natural key';
COMMENT ON COLUMN v_award.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_award.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_award.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_award.award_id IS 'ocid and award id';
COMMENT ON COLUMN v_award.process_id IS 'ocid';
COMMENT ON COLUMN v_award.unit_code IS 'code of the budget unit';
COMMENT ON COLUMN v_award.buyer_name IS 'buyer as the source writes it';
COMMENT ON COLUMN v_award.title IS 'title as published';
COMMENT ON COLUMN v_award.status IS 'status as the source says it';
COMMENT ON COLUMN v_award.awarded_on IS 'day of the award';
COMMENT ON COLUMN v_award.amount_fen IS 'amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_award.currency IS 'ISO 4217 code';
