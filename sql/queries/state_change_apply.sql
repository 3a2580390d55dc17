-- Puts the new rows, and adds them to what is summed over all rows.
WITH more AS (
  INSERT INTO obligation_missing_year AS m (missing_year, obligations)
  SELECT missing_year, count(*) FROM state_change WHERE status IS NOT NULL AND missing_year IS NOT NULL GROUP BY missing_year
  ON CONFLICT (missing_year) DO UPDATE SET obligations = m.obligations + excluded.obligations
), more_paid AS (
  INSERT INTO contract_paid AS p (contract_no, paid_fen)
  SELECT contract_no, sum(paid_fen) FROM state_change
  WHERE status IS NOT NULL AND kind <> 'deposit' AND paid_fen <> 0
  GROUP BY contract_no
  ON CONFLICT (contract_no) DO UPDATE SET paid_fen = p.paid_fen + excluded.paid_fen
)
INSERT INTO obligation_state (obligation_no, contract_no, unit_code, supplier_uscc, department, kind, debtor_kind, coverage, status, start_on,
  due_nominal_on, due_on, due_source, amount_fen, paid_fen, outstanding_fen, undisputed_fen, disputed_fen, overdue_fen,
  overdue_since, rate_basis, interest_fen, interest_alt_fen, rate_ppm, day_base, day_product, accruing_fen, cap_left_fen,
  flags, evidence, as_of, run_id, currency, print, missing_year, alt_rate_ppm, alt_day_base,
  beside_product, beside_accruing_fen)
SELECT obligation_no, contract_no, unit_code, supplier_uscc, department, kind, debtor_kind, coverage, status, start_on,
  due_nominal_on, due_on, due_source, amount_fen, paid_fen, outstanding_fen, undisputed_fen, disputed_fen, overdue_fen,
  overdue_since, rate_basis, interest_fen, interest_alt_fen, rate_ppm, day_base, day_product, accruing_fen, cap_left_fen,
  flags, evidence, as_of, run_id, currency, print, missing_year, alt_rate_ppm, alt_day_base,
  beside_product, beside_accruing_fen
FROM state_change WHERE status IS NOT NULL
