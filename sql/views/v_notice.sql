-- notice_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_notice: the current rows.
DROP FUNCTION IF EXISTS notice_at(bigint);
CREATE FUNCTION notice_at(known bigint) RETURNS SETOF notice LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, notice_id, unit_code, project_code, package_no, kind, title,
    published_on, first_published_on, budget_fen, ceiling_fen, currency, reserve_form, reserved_for,
    required_share_ppm, suitable_for_sme, ended_on, end_reason, corrects, buyer_name, preference_ppm, part_preference_ppm
  FROM notice WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, notice_id, unit_code, project_code, package_no, kind, title,
    published_on, first_published_on, budget_fen, ceiling_fen, currency, reserve_form, reserved_for,
    required_share_ppm, suitable_for_sme, ended_on, end_reason, corrects, buyer_name, preference_ppm, part_preference_ppm
  FROM notice_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION notice_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_notice;
CREATE VIEW v_notice WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, notice_id, unit_code, project_code, package_no, kind, title, published_on,
  first_published_on, budget_fen, ceiling_fen, currency, reserve_form, reserved_for, required_share_ppm,
  suitable_for_sme, ended_on, end_reason, corrects, buyer_name, preference_ppm, part_preference_ppm
FROM notice;
COMMENT ON VIEW v_notice IS '采购公告 Procurement notices.';
COMMENT ON COLUMN v_notice.key IS 'hash of the natural key';
COMMENT ON COLUMN v_notice.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_notice.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_notice.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_notice.notice_id IS 'number of the notice';
COMMENT ON COLUMN v_notice.unit_code IS 'code of the budget unit';
COMMENT ON COLUMN v_notice.project_code IS 'code of the procurement project';
COMMENT ON COLUMN v_notice.package_no IS 'number of the package, empty = one package';
COMMENT ON COLUMN v_notice.kind IS 'kind, one of the words of the exchange profile';
COMMENT ON COLUMN v_notice.title IS 'title as published';
COMMENT ON COLUMN v_notice.published_on IS 'day of publication';
COMMENT ON COLUMN v_notice.first_published_on IS 'day of the first publication';
COMMENT ON COLUMN v_notice.budget_fen IS 'budget, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_notice.ceiling_fen IS 'ceiling price, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_notice.currency IS 'ISO 4217 code';
COMMENT ON COLUMN v_notice.reserve_form IS 'none, whole, package, consortium, subcontract or unstated';
COMMENT ON COLUMN v_notice.reserved_for IS 'sme, small_micro or empty';
COMMENT ON COLUMN v_notice.required_share_ppm IS 'share that must go to SMEs, parts per million';
COMMENT ON COLUMN v_notice.suitable_for_sme IS 'marked as suitable for SMEs';
COMMENT ON COLUMN v_notice.ended_on IS 'day the procedure ended';
COMMENT ON COLUMN v_notice.end_reason IS 'reason as published';
COMMENT ON COLUMN v_notice.corrects IS 'number of the notice this one corrects';
COMMENT ON COLUMN v_notice.buyer_name IS 'buyer as the source writes it';
COMMENT ON COLUMN v_notice.preference_ppm IS '价格扣除 what is taken off the price of small and micro bidders for evaluation, parts per million';
COMMENT ON COLUMN v_notice.part_preference_ppm IS 'the same for consortia with them, or subcontracts to them, parts per million';
