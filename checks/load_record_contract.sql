-- For the findings of records. One row: a contract. Only CNY. Amounts in fen, shares and rates in ppm. $1 known batch, $2 fiscal year
SELECT contract_no, project_code, package_no, unit_code, supplier_uscc, signed_on, amount_fen, reserve_form,
  sme_share_ppm, small_micro_share_ppm, reserved_fen, reserved_small_micro_fen, declared_size, reserved_mark, agreed_term,
  term_unit, clock_basis, inspection_days, late_rate_ppm, late_cap_ppm, day_base, status = 'cancelled', cancelled_on,
  payment_clause
FROM contract_at($1::bigint)
WHERE currency = 'CNY' AND contract_no IN (SELECT r.contract_no FROM contract_of_records($1::bigint, $2::integer) r)
ORDER BY contract_no COLLATE "C"
