-- For the findings of records. One row: a budget row in one snapshot; rows of one natural key in the order of their file (G-10).
-- Only CNY. Amounts in fen, shares in ppm. $1 known batch, $2 fiscal year
SELECT fiscal_year, unit_code, project_code, package_no, name, snapshot, approved_on, class, budget_fen, reserve_form,
  reserved_for, required_share_ppm, reserved_fen, reserved_small_micro_fen, exemption_code, exemption_reason,
  exemption_approver, exemption_on, withdrawn_on, planned_month, plan_filed_on, notice_on
FROM budget_item_at($1::bigint)
WHERE currency = 'CNY' AND fiscal_year IN ($2::integer - 1, $2::integer)
ORDER BY fiscal_year, unit_code COLLATE "C", project_code COLLATE "C", package_no COLLATE "C", approved_on NULLS FIRST,
  snapshot COLLATE "C", occurrence
