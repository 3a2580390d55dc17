-- v_coverage: how much of what the rules need is there, per unit: a low share says that a quiet figure means little.
DROP VIEW IF EXISTS v_coverage;
CREATE VIEW v_coverage WITH (security_invoker = true) AS
WITH contracts AS (
  SELECT k.unit_code, count(*) AS contracts, sum(k.amount_fen) AS contracts_fen,
    count(*) FILTER (WHERE k.declared_size <> '' OR s.size_class <> '') AS with_size,
    count(*) FILTER (WHERE k.supplier_uscc <> '') AS with_supplier_code,
    count(*) FILTER (WHERE k.signed_on IS NOT NULL) AS with_signing_day,
    count(*) FILTER (WHERE EXISTS (
      SELECT FROM obligation o WHERE o.contract_no = k.contract_no
        AND (o.delivered_on IS NOT NULL OR o.accepted_on IS NOT NULL OR o.settled_on IS NOT NULL OR o.contract_due_on IS NOT NULL)))
      AS with_due_basis
  FROM contract k LEFT JOIN supplier s ON s.uscc = k.supplier_uscc AND k.supplier_uscc <> ''
  WHERE k.status <> 'cancelled' AND k.currency = 'CNY'
  GROUP BY k.unit_code
), payments AS (
  SELECT p.unit_code, count(*) AS payments, sum(p.amount_fen) AS payments_fen,
    count(*) FILTER (WHERE k.known) AS payments_matched,
    coalesce(sum(p.amount_fen) FILTER (WHERE k.known), 0) AS payments_matched_fen
  FROM payment p
  CROSS JOIN LATERAL (
    SELECT p.contract_no <> '' AND EXISTS (SELECT FROM contract c WHERE c.contract_no = p.contract_no) AS known) k
  WHERE p.amount_fen > 0 AND p.reverses_voucher_no = '' AND p.currency = 'CNY'
  GROUP BY p.unit_code
)
SELECT unit_code, coalesce(contracts, 0) AS contracts, coalesce(contracts_fen, 0) AS contracts_fen,
  coalesce(with_size, 0) AS with_size, coalesce(with_supplier_code, 0) AS with_supplier_code,
  coalesce(with_signing_day, 0) AS with_signing_day, coalesce(with_due_basis, 0) AS with_due_basis,
  coalesce(payments, 0) AS payments, coalesce(payments_fen, 0) AS payments_fen,
  coalesce(payments_matched, 0) AS payments_matched, coalesce(payments_matched_fen, 0) AS payments_matched_fen
FROM contracts FULL JOIN payments USING (unit_code);
COMMENT ON VIEW v_coverage IS '资料覆盖率 What is known of contracts and payments, per unit, CNY.';
COMMENT ON COLUMN v_coverage.unit_code IS 'code of the unit';
COMMENT ON COLUMN v_coverage.contracts IS 'contracts that stand';
COMMENT ON COLUMN v_coverage.contracts_fen IS 'sum of their amounts, fen';
COMMENT ON COLUMN v_coverage.with_size IS 'contracts whose supplier has a size class, declared or on record';
COMMENT ON COLUMN v_coverage.with_supplier_code IS 'contracts that name the supplier by code';
COMMENT ON COLUMN v_coverage.with_signing_day IS 'contracts with a signing day';
COMMENT ON COLUMN v_coverage.with_due_basis IS 'contracts with a day from which an instalment falls due';
COMMENT ON COLUMN v_coverage.payments IS 'payments, without reversals';
COMMENT ON COLUMN v_coverage.payments_fen IS 'sum of their amounts, fen';
COMMENT ON COLUMN v_coverage.payments_matched IS 'payments that name a known contract';
COMMENT ON COLUMN v_coverage.payments_matched_fen IS 'sum of their amounts, fen';
