-- usable_touched(after, known): how many of the contracts and payments that batches later than `after` reached stood in the
-- ledger as of batch `known`, and how many of them could be used: contracts with a signing day and a unit of known kind;
-- payments that found a contract or a pair of unit and supplier. Only CNY. The same reach at two batches gives what changed
-- between them, as long as no unit changed: a unit reaches everything.
DROP FUNCTION IF EXISTS usable_touched(bigint, bigint);
CREATE FUNCTION usable_touched(after bigint, known bigint)
RETURNS TABLE (contracts bigint, usable bigint, payments bigint, orphans bigint) LANGUAGE sql STABLE AS $$
WITH touched_contract AS MATERIALIZED (
  SELECT contract_no, unit_code, supplier_uscc FROM contract WHERE batch_id > after
  UNION SELECT contract_no, unit_code, supplier_uscc FROM contract_history WHERE to_batch > after
), touched_obligation AS MATERIALIZED (
  SELECT obligation_no FROM obligation WHERE batch_id > after
  UNION SELECT obligation_no FROM obligation_history WHERE to_batch > after
  UNION SELECT o.obligation_no FROM touched_contract t JOIN obligation o ON o.contract_no = t.contract_no
), touched_payment AS MATERIALIZED (
  SELECT voucher_no FROM payment WHERE batch_id > after
  UNION SELECT voucher_no FROM payment_history WHERE to_batch > after
), reached AS MATERIALIZED (
  SELECT voucher_no FROM touched_payment
  UNION SELECT p.voucher_no FROM touched_payment t JOIN payment p ON p.reverses_voucher_no = t.voucher_no
    WHERE p.reverses_voucher_no <> ''
  UNION SELECT p.voucher_no FROM touched_contract t JOIN payment p ON p.contract_no = t.contract_no WHERE p.contract_no <> ''
  UNION SELECT p.voucher_no FROM touched_obligation t JOIN payment p ON p.obligation_no = t.obligation_no
    WHERE p.contract_no = '' AND p.obligation_no <> ''
  UNION SELECT p.voucher_no
    FROM touched_contract t JOIN payment p ON p.unit_code = t.unit_code AND p.payee_uscc = t.supplier_uscc
    WHERE p.contract_no = '' AND p.obligation_no = ''
), own_contract AS (
  SELECT c.unit_code, c.signed_on
  FROM (SELECT DISTINCT contract_no FROM touched_contract) t JOIN contract_at(known) c ON c.contract_no = t.contract_no
  WHERE c.currency = 'CNY'
), own_payment AS (
  SELECT p.contract_no, p.obligation_no, p.unit_code, p.payee_uscc, p.reverses_voucher_no
  FROM reached t JOIN payment_at(known) p ON p.voucher_no = t.voucher_no
  WHERE p.currency = 'CNY'
)
SELECT (SELECT count(*) FROM own_contract),
  (SELECT count(*) FROM own_contract c WHERE c.signed_on IS NOT NULL AND (
    SELECT r.kind IN ('organ', 'institution', 'group', 'soe', 'large_enterprise') FROM unit_at(known) r
    WHERE r.unit_code = c.unit_code
    ORDER BY coalesce(r.valid_from <= c.signed_on, true) AND coalesce(r.valid_to >= c.signed_on, true) DESC,
      r.valid_from DESC NULLS LAST, r.batch_id DESC, r.place DESC
    LIMIT 1)),
  (SELECT count(*) FROM own_payment),
  (SELECT count(*) FROM own_payment p WHERE CASE
    WHEN p.reverses_voucher_no <> '' THEN NOT EXISTS (
      SELECT FROM payment_at(known) r WHERE r.currency = 'CNY' AND r.voucher_no = p.reverses_voucher_no)
    WHEN p.contract_no <> '' THEN NOT EXISTS (
      SELECT FROM contract_at(known) c WHERE c.currency = 'CNY' AND c.contract_no = p.contract_no)
    WHEN p.obligation_no <> '' THEN NOT EXISTS (
      SELECT FROM obligation_at(known) o JOIN contract_at(known) c ON c.contract_no = o.contract_no
      WHERE o.currency = 'CNY' AND c.currency = 'CNY' AND o.obligation_no = p.obligation_no)
    ELSE NOT EXISTS (
      SELECT FROM contract_at(known) c
      WHERE c.currency = 'CNY' AND c.unit_code = p.unit_code AND c.supplier_uscc = p.payee_uscc)
    END)
$$;
COMMENT ON FUNCTION usable_touched(bigint, bigint) IS 'what later batches reached, counted as of a batch';
