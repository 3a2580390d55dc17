-- Counts anew what the figures rest on, and keeps it: contracts, those with a signing day and a unit of known kind, payments,
-- those that found neither a contract nor a pair of unit and supplier. Only CNY. $1 known batch
WITH unit_row AS MATERIALIZED (
  SELECT unit_code, valid_from, valid_to, batch_id, place,
    kind IN ('organ', 'institution', 'group', 'soe', 'large_enterprise') AS known
  FROM unit_at($1::bigint)
), unit_known AS MATERIALIZED (
  SELECT unit_code, bool_and(known) AS always, bool_or(known) AS ever FROM unit_row GROUP BY unit_code
), contract_count AS (
  SELECT count(*) AS every, count(*) FILTER (WHERE c.signed_on IS NOT NULL AND k.ever AND (k.always OR (
    SELECT r.known FROM unit_row r
    WHERE r.unit_code = c.unit_code
    ORDER BY coalesce(r.valid_from <= c.signed_on, true) AND coalesce(r.valid_to >= c.signed_on, true) DESC,
      r.valid_from DESC NULLS LAST, r.batch_id DESC, r.place DESC
    LIMIT 1))) AS usable
  FROM contract_at($1::bigint) c LEFT JOIN unit_known k ON k.unit_code = c.unit_code
  WHERE c.currency = 'CNY'
), own AS (
  SELECT voucher_no, contract_no, obligation_no, unit_code, payee_uscc, reverses_voucher_no
  FROM payment_at($1::bigint) WHERE currency = 'CNY'
), known_contract AS (
  SELECT contract_no, unit_code, supplier_uscc FROM contract_at($1::bigint) WHERE currency = 'CNY'
), orphan AS (
  SELECT (SELECT count(*) FROM own p WHERE p.reverses_voucher_no <> ''
      AND NOT EXISTS (SELECT FROM own r WHERE r.voucher_no = p.reverses_voucher_no))
    + (SELECT count(*) FROM own p WHERE p.reverses_voucher_no = '' AND p.contract_no <> ''
      AND NOT EXISTS (SELECT FROM known_contract c WHERE c.contract_no = p.contract_no))
    + (SELECT count(*) FROM own p WHERE p.reverses_voucher_no = '' AND p.contract_no = '' AND p.obligation_no <> ''
      AND NOT EXISTS (SELECT FROM obligation_at($1::bigint) o JOIN known_contract c ON c.contract_no = o.contract_no
        WHERE o.currency = 'CNY' AND o.obligation_no = p.obligation_no))
    + (SELECT count(*) FROM own p WHERE p.reverses_voucher_no = '' AND p.contract_no = '' AND p.obligation_no = ''
      AND NOT EXISTS (SELECT FROM known_contract c WHERE c.unit_code = p.unit_code AND c.supplier_uscc = p.payee_uscc)) AS count
), payment_count AS (
  SELECT count(*) AS every FROM own
)
INSERT INTO coverage_count AS k (known_batch, contracts, usable, payments, orphans)
SELECT $1::bigint, c.every, c.usable, p.every, o.count FROM contract_count c CROSS JOIN payment_count p CROSS JOIN orphan o
ON CONFLICT (only_one) DO UPDATE SET known_batch = excluded.known_batch, contracts = excluded.contracts,
  usable = excluded.usable, payments = excluded.payments, orphans = excluded.orphans
RETURNING contracts, usable, payments, orphans
