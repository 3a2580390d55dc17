-- budget_item_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_budget_item: the current rows.
DROP FUNCTION IF EXISTS budget_item_at(bigint);
CREATE FUNCTION budget_item_at(known bigint) RETURNS SETOF budget_item LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, fiscal_year, unit_code, project_code, package_no, snapshot,
    approved_on, occurrence, name, catalogue_code, class, budget_fen, currency, reserve_form, reserved_for,
    required_share_ppm, reserved_fen, reserved_small_micro_fen, exemption_code, exemption_reason,
    exemption_approver, exemption_on, withdrawn_on, planned_month, plan_filed_on, notice_on, buyer_name
  FROM budget_item WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, fiscal_year, unit_code, project_code, package_no, snapshot,
    approved_on, occurrence, name, catalogue_code, class, budget_fen, currency, reserve_form, reserved_for,
    required_share_ppm, reserved_fen, reserved_small_micro_fen, exemption_code, exemption_reason,
    exemption_approver, exemption_on, withdrawn_on, planned_month, plan_filed_on, notice_on, buyer_name
  FROM budget_item_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION budget_item_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_budget_item;
CREATE VIEW v_budget_item WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, fiscal_year, unit_code, project_code, package_no, snapshot, approved_on,
  occurrence, name, catalogue_code, class, budget_fen, currency, reserve_form, reserved_for,
  required_share_ppm, reserved_fen, reserved_small_micro_fen, exemption_code, exemption_reason,
  exemption_approver, exemption_on, withdrawn_on, planned_month, plan_filed_on, notice_on, buyer_name
FROM budget_item;
COMMENT ON VIEW v_budget_item IS '采购预算 Budget rows in all their snapshots; the law picks the effective one (G-10).';
COMMENT ON COLUMN v_budget_item.key IS 'hash of the natural key';
COMMENT ON COLUMN v_budget_item.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_budget_item.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_budget_item.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_budget_item.fiscal_year IS 'fiscal year = calendar year';
COMMENT ON COLUMN v_budget_item.unit_code IS 'code of the budget unit';
COMMENT ON COLUMN v_budget_item.project_code IS 'code of the procurement project';
COMMENT ON COLUMN v_budget_item.package_no IS 'number of the package, empty = one package';
COMMENT ON COLUMN v_budget_item.snapshot IS 'initial, adjusted or final';
COMMENT ON COLUMN v_budget_item.approved_on IS 'day of approval';
COMMENT ON COLUMN v_budget_item.occurrence IS 'file order among rows of one natural key, from 1';
COMMENT ON COLUMN v_budget_item.name IS 'name as the source writes it';
COMMENT ON COLUMN v_budget_item.catalogue_code IS 'code of the procurement catalogue';
COMMENT ON COLUMN v_budget_item.class IS 'goods, works or services';
COMMENT ON COLUMN v_budget_item.budget_fen IS 'budget, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_budget_item.currency IS 'ISO 4217 code';
COMMENT ON COLUMN v_budget_item.reserve_form IS 'none, whole, package, consortium, subcontract or unstated';
COMMENT ON COLUMN v_budget_item.reserved_for IS 'sme, small_micro or empty';
COMMENT ON COLUMN v_budget_item.required_share_ppm IS 'share that must go to SMEs, parts per million';
COMMENT ON COLUMN v_budget_item.reserved_fen IS 'reserved amount as stated, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_budget_item.reserved_small_micro_fen IS 'part of it for small and micro firms as stated, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_budget_item.exemption_code IS 'circumstance 1 to 5 for not reserving';
COMMENT ON COLUMN v_budget_item.exemption_reason IS 'reason as written';
COMMENT ON COLUMN v_budget_item.exemption_approver IS 'who approved';
COMMENT ON COLUMN v_budget_item.exemption_on IS 'day of the exemption';
COMMENT ON COLUMN v_budget_item.withdrawn_on IS 'first day without the reservation';
COMMENT ON COLUMN v_budget_item.planned_month IS 'YYYY-MM';
COMMENT ON COLUMN v_budget_item.plan_filed_on IS 'day the plan was filed';
COMMENT ON COLUMN v_budget_item.notice_on IS 'day of the notice';
COMMENT ON COLUMN v_budget_item.buyer_name IS 'buyer as the source writes it';
