-- contract_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_contract: the current rows.
DROP FUNCTION IF EXISTS contract_at(bigint);
CREATE FUNCTION contract_at(known bigint) RETURNS SETOF contract LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, contract_no, project_code, package_no, unit_code, supplier_uscc,
    signed_on, amount_fen, currency, reserve_form, sme_share_ppm, small_micro_share_ppm, reserved_fen,
    reserved_small_micro_fen, declared_size, reserved_mark, agreed_term, term_unit, clock_basis,
    inspection_days, late_rate_ppm, late_cap_ppm, day_base, status, cancelled_on, supplier_name, buyer_name,
    project_name, payment_clause
  FROM contract WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, contract_no, project_code, package_no, unit_code, supplier_uscc,
    signed_on, amount_fen, currency, reserve_form, sme_share_ppm, small_micro_share_ppm, reserved_fen,
    reserved_small_micro_fen, declared_size, reserved_mark, agreed_term, term_unit, clock_basis,
    inspection_days, late_rate_ppm, late_cap_ppm, day_base, status, cancelled_on, supplier_name, buyer_name,
    project_name, payment_clause
  FROM contract_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION contract_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_contract;
CREATE VIEW v_contract WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, contract_no, project_code, package_no, unit_code, supplier_uscc, signed_on,
  amount_fen, currency, reserve_form, sme_share_ppm, small_micro_share_ppm, reserved_fen,
  reserved_small_micro_fen, declared_size, reserved_mark, agreed_term, term_unit, clock_basis,
  inspection_days, late_rate_ppm, late_cap_ppm, day_base, status, cancelled_on, supplier_name, buyer_name,
    project_name, payment_clause
FROM contract;
COMMENT ON VIEW v_contract IS '合同 Contracts.';
COMMENT ON COLUMN v_contract.key IS 'hash of the natural key';
COMMENT ON COLUMN v_contract.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_contract.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_contract.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_contract.contract_no IS 'contract number';
COMMENT ON COLUMN v_contract.project_code IS 'code of the procurement project';
COMMENT ON COLUMN v_contract.package_no IS 'number of the package, empty = one package';
COMMENT ON COLUMN v_contract.unit_code IS 'code of the budget unit';
COMMENT ON COLUMN v_contract.supplier_uscc IS 'code of the supplier';
COMMENT ON COLUMN v_contract.signed_on IS 'day of signing';
COMMENT ON COLUMN v_contract.amount_fen IS 'amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_contract.currency IS 'ISO 4217 code';
COMMENT ON COLUMN v_contract.reserve_form IS 'none, whole, package, consortium, subcontract or unstated';
COMMENT ON COLUMN v_contract.sme_share_ppm IS 'agreed share of SMEs, parts per million';
COMMENT ON COLUMN v_contract.small_micro_share_ppm IS 'agreed share of small and micro firms, parts per million';
COMMENT ON COLUMN v_contract.reserved_fen IS 'reserved amount as stated, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_contract.reserved_small_micro_fen IS 'part of it for small and micro firms as stated, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_contract.declared_size IS 'class declared at signing: L M S X, empty = not stated';
COMMENT ON COLUMN v_contract.reserved_mark IS 'the contract says it is a reserved one';
COMMENT ON COLUMN v_contract.agreed_term IS 'agreed term of payment, in term_unit';
COMMENT ON COLUMN v_contract.term_unit IS 'day or workday';
COMMENT ON COLUMN v_contract.clock_basis IS 'delivery, acceptance or settlement';
COMMENT ON COLUMN v_contract.inspection_days IS 'agreed inspection period, calendar days';
COMMENT ON COLUMN v_contract.late_rate_ppm IS 'agreed interest per year, parts per million; null = none agreed';
COMMENT ON COLUMN v_contract.late_cap_ppm IS 'cap of the interest, parts per million of the contract amount';
COMMENT ON COLUMN v_contract.day_base IS 'days of the year for interest: 360 or 365';
COMMENT ON COLUMN v_contract.status IS 'status as the source says it';
COMMENT ON COLUMN v_contract.cancelled_on IS 'day of cancellation';
COMMENT ON COLUMN v_contract.supplier_name IS 'supplier as the source writes it';
COMMENT ON COLUMN v_contract.project_name IS 'name of the procurement project';
COMMENT ON COLUMN v_contract.payment_clause IS 'words of the contract on when it is paid';
COMMENT ON COLUMN v_contract.buyer_name IS 'buyer as the source writes it';
