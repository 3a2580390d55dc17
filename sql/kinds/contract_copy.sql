-- New versions of contract rows, straight into the current table.
COPY contract (
  key, print, batch_id, place, extra, contract_no, project_code, package_no, unit_code, supplier_uscc,
  signed_on, amount_fen, currency, reserve_form, sme_share_ppm, small_micro_share_ppm, reserved_fen,
  reserved_small_micro_fen, declared_size, reserved_mark, agreed_term, term_unit, clock_basis, inspection_days,
  late_rate_ppm, late_cap_ppm, day_base, status, cancelled_on, supplier_name, buyer_name, project_name,
  payment_clause
) FROM STDIN (FORMAT binary)
