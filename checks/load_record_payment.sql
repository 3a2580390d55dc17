-- For the findings of records. One row: a payment or reversal on a contract whose terms are asked about, in fen, in the
-- columns of load_payment.sql, under the contract that it or its obligation names; deposits apart. Only CNY.
-- Looked up contract by contract (OFFSET 0): how many contracts there are and have such terms the planner cannot know, and it
-- would read all contracts and payments for every piece.
-- $1 known batch, $2 number of the first procurement, $3 of the one after the last
WITH asked AS MATERIALIZED (
  SELECT c.contract_no
  FROM work_record_contract w CROSS JOIN LATERAL (
    SELECT c.contract_no FROM contract_at($1::bigint) c
    WHERE c.contract_no = w.contract_no AND c.currency = 'CNY'
      AND contract_may_breach(c, (SELECT max(l.one_year_ppm) FROM v_lpr l))
    OFFSET 0
  ) c
  WHERE w.seq >= $2::integer AND w.seq < $3::integer
), paid AS MATERIALIZED (
  SELECT a.contract_no AS of_contract, p.*
  FROM asked a CROSS JOIN LATERAL (
    SELECT p.* FROM payment_at($1::bigint) p
    WHERE p.contract_no = a.contract_no AND p.contract_no <> '' AND p.reverses_voucher_no = '' AND p.currency = 'CNY'
    OFFSET 0
  ) p
  WHERE NOT EXISTS (
    SELECT FROM obligation_at($1::bigint) o
    WHERE o.obligation_no = p.obligation_no AND p.obligation_no <> '' AND o.kind = 'deposit')
  UNION ALL
  SELECT a.contract_no, p.*
  FROM asked a CROSS JOIN LATERAL (
    SELECT o.obligation_no FROM obligation_at($1::bigint) o
    WHERE o.contract_no = a.contract_no AND o.currency = 'CNY' AND o.kind <> 'deposit'
    OFFSET 0
  ) o CROSS JOIN LATERAL (
    SELECT p.* FROM payment_at($1::bigint) p
    WHERE p.obligation_no = o.obligation_no AND p.contract_no = '' AND p.obligation_no <> ''
      AND p.reverses_voucher_no = '' AND p.currency = 'CNY'
    OFFSET 0
  ) p
)
SELECT voucher_no, of_contract AS contract_no, '' AS obligation_no, unit_code, payee_uscc, amount_fen, voucher_on,
  cleared_on, received_on, instrument, matures_on, reverses_voucher_no
FROM paid
UNION ALL
SELECT r.voucher_no, p.of_contract, '', r.unit_code, r.payee_uscc, r.amount_fen, r.voucher_on, r.cleared_on, r.received_on,
  r.instrument, r.matures_on, r.reverses_voucher_no
FROM paid p JOIN payment_at($1::bigint) r ON r.reverses_voucher_no = p.voucher_no AND r.reverses_voucher_no <> ''
WHERE r.currency = 'CNY'
ORDER BY 1
