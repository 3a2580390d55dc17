-- For the findings of records. One row: a budget row in one snapshot; rows of one natural key in the order of their file (G-10).
-- Only CNY. Amounts in fen, shares in ppm.
-- $1 known batch, $2 number of the first procurement, $3 of the one after the last, $4 fiscal year
-- OFFSET keeps it a look into an index for each of them, however many the ledger holds.
SELECT fiscal_year, unit_code, project_code, package_no, name, snapshot, approved_on, class, budget_fen, reserve_form,
  reserved_for, required_share_ppm, reserved_fen, reserved_small_micro_fen, exemption_code, exemption_reason,
  exemption_approver, exemption_on, withdrawn_on, planned_month, plan_filed_on, notice_on
FROM (
  SELECT b.* FROM work_record w CROSS JOIN LATERAL (
      SELECT * FROM budget_item_at($1::bigint) b WHERE b.project_code = w.project_code OFFSET 0) b
  WHERE w.seq >= $2::integer AND w.seq < $3::integer AND w.project_code <> ''
  UNION ALL
  SELECT b.* FROM work_record w CROSS JOIN LATERAL (
      SELECT * FROM budget_item_at($1::bigint) b
      WHERE b.unit_code = w.unit_code AND b.project_code = '' AND b.fiscal_year IN ($4::integer - 1, $4::integer)
      OFFSET 0) b
  WHERE w.seq >= $2::integer AND w.seq < $3::integer AND w.unit_code <> ''
) b
WHERE currency = 'CNY' AND fiscal_year IN ($4::integer - 1, $4::integer)
ORDER BY fiscal_year, unit_code COLLATE "C", project_code COLLATE "C", package_no COLLATE "C", approved_on NULLS FIRST,
  snapshot COLLATE "C", occurrence
