-- For the findings of records. One row: a contract. Only CNY. Amounts in fen, shares and rates in ppm.
-- $1 known batch, $2 number of the first procurement, $3 of the one after the last
-- OFFSET keeps it a look into an index for each of the contracts, however many the ledger holds.
SELECT c.contract_no, project_code, package_no, c.unit_code, c.supplier_uscc, signed_on, amount_fen, reserve_form,
  sme_share_ppm, small_micro_share_ppm, reserved_fen, reserved_small_micro_fen, declared_size, reserved_mark, agreed_term,
  term_unit, clock_basis, inspection_days, late_rate_ppm, late_cap_ppm, day_base, status = 'cancelled', cancelled_on,
  payment_clause
FROM work_record_contract w CROSS JOIN LATERAL (
    SELECT * FROM contract_at($1::bigint) c WHERE c.contract_no = w.contract_no OFFSET 0) c
WHERE w.seq >= $2::integer AND w.seq < $3::integer AND currency = 'CNY'
ORDER BY c.contract_no COLLATE "C"
