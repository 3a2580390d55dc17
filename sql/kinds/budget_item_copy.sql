-- New versions of budget_item rows, straight into the current table.
COPY budget_item (
  key, print, batch_id, place, extra, fiscal_year, unit_code, project_code, package_no, snapshot, approved_on,
  occurrence, name, catalogue_code, class, budget_fen, currency, reserve_form, reserved_for,
  required_share_ppm, reserved_fen, reserved_small_micro_fen, exemption_code, exemption_reason,
  exemption_approver, exemption_on, withdrawn_on, planned_month, plan_filed_on, notice_on, buyer_name
) FROM STDIN (FORMAT binary)
