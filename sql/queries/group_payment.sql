-- One row: the number of its group, the columns of checks/load_payment.sql, and the key of a stray payment (payment_astray)
-- or its reversal, else null. A payment goes with the contract it names, else with that of its obligation, else with its unit
-- and payee; a stray one with every group of its payee, so it may come several times; a reversal with the payment it takes
-- back.
DECLARE group_payment NO SCROLL CURSOR FOR
SELECT w.seq, p.voucher_no, p.contract_no, p.obligation_no, p.unit_code, p.payee_uscc, p.amount_fen, p.voucher_on,
  p.cleared_on, p.received_on, p.instrument, p.matures_on, p.reverses_voucher_no, NULL::text AS stray_key
FROM work_contract w
  JOIN payment p ON p.contract_no = w.contract_no AND p.contract_no <> ''
WHERE p.currency = 'CNY' AND p.reverses_voucher_no = ''
UNION ALL
SELECT w.seq, p.voucher_no, p.contract_no, p.obligation_no, p.unit_code, p.payee_uscc, p.amount_fen, p.voucher_on,
  p.cleared_on, p.received_on, p.instrument, p.matures_on, p.reverses_voucher_no, NULL
FROM work_contract w
  JOIN obligation o ON o.contract_no = w.contract_no
  JOIN payment p ON p.obligation_no = o.obligation_no AND p.obligation_no <> '' AND p.contract_no = ''
WHERE o.currency = 'CNY' AND p.currency = 'CNY' AND p.reverses_voucher_no = ''
UNION ALL
SELECT w.seq, p.voucher_no, p.contract_no, p.obligation_no, p.unit_code, p.payee_uscc, p.amount_fen, p.voucher_on,
  p.cleared_on, p.received_on, p.instrument, p.matures_on, p.reverses_voucher_no, NULL
FROM work_group w
  JOIN payment p ON p.unit_code = w.unit_code AND p.payee_uscc = w.supplier_uscc
WHERE p.contract_no = '' AND p.obligation_no = '' AND p.currency = 'CNY' AND p.reverses_voucher_no = ''
  AND NOT EXISTS (SELECT FROM payment_astray a WHERE a.key = p.key)
UNION ALL
SELECT w.seq, r.voucher_no, r.contract_no, r.obligation_no, r.unit_code, r.payee_uscc, r.amount_fen, r.voucher_on,
  r.cleared_on, r.received_on, r.instrument, r.matures_on, r.reverses_voucher_no, NULL
FROM work_contract w
  JOIN payment p ON p.contract_no = w.contract_no AND p.contract_no <> ''
  JOIN payment r ON r.reverses_voucher_no = p.voucher_no AND r.reverses_voucher_no <> ''
WHERE p.currency = 'CNY' AND p.reverses_voucher_no = '' AND r.currency = 'CNY'
UNION ALL
SELECT w.seq, r.voucher_no, r.contract_no, r.obligation_no, r.unit_code, r.payee_uscc, r.amount_fen, r.voucher_on,
  r.cleared_on, r.received_on, r.instrument, r.matures_on, r.reverses_voucher_no, NULL
FROM work_contract w
  JOIN obligation o ON o.contract_no = w.contract_no
  JOIN payment p ON p.obligation_no = o.obligation_no AND p.obligation_no <> '' AND p.contract_no = ''
  JOIN payment r ON r.reverses_voucher_no = p.voucher_no AND r.reverses_voucher_no <> ''
WHERE o.currency = 'CNY' AND p.currency = 'CNY' AND p.reverses_voucher_no = '' AND r.currency = 'CNY'
UNION ALL
SELECT w.seq, r.voucher_no, r.contract_no, r.obligation_no, r.unit_code, r.payee_uscc, r.amount_fen, r.voucher_on,
  r.cleared_on, r.received_on, r.instrument, r.matures_on, r.reverses_voucher_no, NULL
FROM work_group w
  JOIN payment p ON p.unit_code = w.unit_code AND p.payee_uscc = w.supplier_uscc
  JOIN payment r ON r.reverses_voucher_no = p.voucher_no AND r.reverses_voucher_no <> ''
WHERE p.contract_no = '' AND p.obligation_no = '' AND p.currency = 'CNY' AND p.reverses_voucher_no = '' AND r.currency = 'CNY'
  AND NOT EXISTS (SELECT FROM payment_astray a WHERE a.key = p.key)
UNION ALL
SELECT w.seq, p.voucher_no, p.contract_no, p.obligation_no, p.unit_code, p.payee_uscc, p.amount_fen, p.voucher_on,
  p.cleared_on, p.received_on, p.instrument, p.matures_on, p.reverses_voucher_no, p.key::text
FROM work_group w
  JOIN payment_astray a ON a.payee_uscc = w.supplier_uscc
  JOIN payment p ON p.key = a.key
UNION ALL
SELECT w.seq, r.voucher_no, r.contract_no, r.obligation_no, r.unit_code, r.payee_uscc, r.amount_fen, r.voucher_on,
  r.cleared_on, r.received_on, r.instrument, r.matures_on, r.reverses_voucher_no, r.key::text
FROM work_group w
  JOIN payment_astray a ON a.payee_uscc = w.supplier_uscc
  JOIN payment p ON p.key = a.key
  JOIN payment r ON r.reverses_voucher_no = p.voucher_no AND r.reverses_voucher_no <> ''
WHERE r.currency = 'CNY'
ORDER BY 1
