-- One row: the number of its group, then the columns of checks/load_contract.sql.
DECLARE group_contract NO SCROLL CURSOR FOR
SELECT w.seq, contract_no, project_code, package_no, c.unit_code, c.supplier_uscc, signed_on, amount_fen, reserve_form,
  sme_share_ppm, small_micro_share_ppm, reserved_fen, reserved_small_micro_fen, declared_size, reserved_mark, agreed_term,
  term_unit, clock_basis, inspection_days, late_rate_ppm, late_cap_ppm, day_base, status = 'cancelled', cancelled_on,
  payment_clause
FROM work_group w JOIN contract c ON c.supplier_uscc = w.supplier_uscc AND c.unit_code = w.unit_code
WHERE c.currency = 'CNY'
ORDER BY 1
