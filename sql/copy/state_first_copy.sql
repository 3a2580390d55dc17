COPY obligation_state (obligation_no, contract_no, unit_code, supplier_uscc, department, kind, debtor_kind, coverage, status, start_on,
  due_nominal_on, due_on, due_source, amount_fen, paid_fen, outstanding_fen, undisputed_fen, disputed_fen, overdue_fen,
  overdue_since, rate_basis, interest_fen, interest_alt_fen, rate_ppm, day_base, day_product, accruing_fen, cap_left_fen,
  flags, evidence, as_of, run_id, currency, print, missing_year, alt_rate_ppm, alt_day_base,
  beside_product, beside_accruing_fen) FROM STDIN WITH (FORMAT binary)
