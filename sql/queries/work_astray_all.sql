-- Stray payments, found anew: those that name a number nobody knows, or none while their unit has no contract with the
-- payee. They clear nothing, but what they paid may be a debt to the same payee, whichever unit owes it. Only CNY.
-- Tells how many came, changed or went.
WITH found AS MATERIALIZED (
  SELECT p.key, p.unit_code, p.payee_uscc FROM payment p
  WHERE p.contract_no <> '' AND p.payee_uscc <> '' AND p.reverses_voucher_no = '' AND p.currency = 'CNY'
    AND NOT EXISTS (SELECT FROM contract c WHERE c.contract_no = p.contract_no AND c.currency = 'CNY')
  UNION ALL
  SELECT p.key, p.unit_code, p.payee_uscc FROM payment p
  WHERE p.contract_no = '' AND p.obligation_no <> '' AND p.payee_uscc <> '' AND p.reverses_voucher_no = ''
    AND p.currency = 'CNY' AND NOT EXISTS (
      SELECT FROM obligation o JOIN contract c ON c.contract_no = o.contract_no
      WHERE o.obligation_no = p.obligation_no AND o.currency = 'CNY' AND c.currency = 'CNY')
  UNION ALL
  SELECT p.key, p.unit_code, p.payee_uscc FROM payment p
  WHERE p.contract_no = '' AND p.obligation_no = '' AND p.payee_uscc <> '' AND p.reverses_voucher_no = ''
    AND p.currency = 'CNY' AND NOT EXISTS (
      SELECT FROM contract c
      WHERE c.unit_code = p.unit_code AND c.supplier_uscc = p.payee_uscc AND c.currency = 'CNY')
), gone AS (
  DELETE FROM payment_astray a WHERE NOT EXISTS (SELECT FROM found f WHERE f.key = a.key)
  RETURNING a.key
), kept AS (
  INSERT INTO payment_astray AS a (key, unit_code, payee_uscc) SELECT key, unit_code, payee_uscc FROM found
  ON CONFLICT (key) DO UPDATE SET unit_code = excluded.unit_code, payee_uscc = excluded.payee_uscc
  WHERE (a.unit_code, a.payee_uscc) <> (excluded.unit_code, excluded.payee_uscc)
  RETURNING a.key
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM kept)
