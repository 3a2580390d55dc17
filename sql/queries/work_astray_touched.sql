-- The same as work_astray_all for what changed since the last run, and whose stray payments differ into work_payee.
-- $1 the batch it knew
WITH changed_pair AS MATERIALIZED (
  SELECT unit_code, supplier_uscc FROM contract WHERE batch_id > $1::bigint
  UNION SELECT unit_code, supplier_uscc FROM contract_history WHERE to_batch > $1::bigint
), reached AS MATERIALIZED (
  SELECT key FROM payment_touched($1::bigint)
  UNION SELECT p.key FROM changed_pair c JOIN payment p ON p.unit_code = c.unit_code AND p.payee_uscc = c.supplier_uscc
    WHERE p.contract_no = '' AND p.obligation_no = ''
), found AS MATERIALIZED (
  SELECT p.key, p.unit_code, p.payee_uscc FROM reached r JOIN payment p ON p.key = r.key
  WHERE p.payee_uscc <> '' AND p.reverses_voucher_no = '' AND p.currency = 'CNY'
    AND NOT CASE WHEN p.contract_no <> '' THEN
        EXISTS (SELECT FROM contract c WHERE c.contract_no = p.contract_no AND c.currency = 'CNY')
      WHEN p.obligation_no <> '' THEN EXISTS (
        SELECT FROM obligation o JOIN contract c ON c.contract_no = o.contract_no
        WHERE o.obligation_no = p.obligation_no AND o.currency = 'CNY' AND c.currency = 'CNY')
      ELSE EXISTS (
        SELECT FROM contract c
        WHERE c.unit_code = p.unit_code AND c.supplier_uscc = p.payee_uscc AND c.currency = 'CNY') END
), gone AS (
  DELETE FROM payment_astray a USING reached r
  WHERE r.key = a.key AND NOT EXISTS (SELECT FROM found f WHERE f.key = a.key)
), ended AS (
  DELETE FROM payment_astray a
  WHERE a.key IN (SELECT h.key FROM payment_history h WHERE h.to_batch > $1::bigint)
    AND NOT EXISTS (SELECT FROM payment p WHERE p.key = a.key)
  RETURNING a.payee_uscc
), kept AS (
  INSERT INTO payment_astray AS a (key, unit_code, payee_uscc) SELECT key, unit_code, payee_uscc FROM found
  ON CONFLICT (key) DO UPDATE SET unit_code = excluded.unit_code, payee_uscc = excluded.payee_uscc
  WHERE (a.unit_code, a.payee_uscc) <> (excluded.unit_code, excluded.payee_uscc)
), reversal AS (
  SELECT reverses_voucher_no FROM payment WHERE batch_id > $1::bigint AND reverses_voucher_no <> ''
  UNION SELECT reverses_voucher_no FROM payment_history WHERE to_batch > $1::bigint AND reverses_voucher_no <> ''
)
INSERT INTO work_payee (payee_uscc)
SELECT payee_uscc FROM found
UNION SELECT a.payee_uscc FROM reached r JOIN payment_astray a ON a.key = r.key
UNION SELECT payee_uscc FROM ended
UNION SELECT a.payee_uscc FROM reversal r JOIN payment p ON p.voucher_no = r.reverses_voucher_no
  JOIN payment_astray a ON a.key = p.key
