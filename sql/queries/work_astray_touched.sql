-- The same as work_astray_all for what changed since the last run. $1 the batch it knew
WITH reached AS MATERIALIZED (
  SELECT DISTINCT key FROM payment_touched($1::bigint)
), found AS MATERIALIZED (
  SELECT p.key, p.unit_code, p.payee_uscc FROM reached r JOIN payment p ON p.key = r.key
  WHERE p.payee_uscc <> '' AND p.reverses_voucher_no = '' AND p.currency = 'CNY'
    AND (p.contract_no <> '' OR p.obligation_no <> '')
    AND NOT CASE WHEN p.contract_no <> '' THEN
        EXISTS (SELECT FROM contract c WHERE c.contract_no = p.contract_no AND c.currency = 'CNY')
      ELSE EXISTS (
        SELECT FROM obligation o JOIN contract c ON c.contract_no = o.contract_no
        WHERE o.obligation_no = p.obligation_no AND o.currency = 'CNY' AND c.currency = 'CNY') END
), gone AS (
  DELETE FROM payment_astray a USING reached r
  WHERE r.key = a.key AND NOT EXISTS (SELECT FROM found f WHERE f.key = a.key)
), ended AS (
  DELETE FROM payment_astray a
  WHERE a.key IN (SELECT h.key FROM payment_history h WHERE h.to_batch > $1::bigint)
    AND NOT EXISTS (SELECT FROM payment p WHERE p.key = a.key)
)
INSERT INTO payment_astray AS a (key, unit_code, payee_uscc) SELECT key, unit_code, payee_uscc FROM found
ON CONFLICT (key) DO UPDATE SET unit_code = excluded.unit_code, payee_uscc = excluded.payee_uscc
WHERE (a.unit_code, a.payee_uscc) <> (excluded.unit_code, excluded.payee_uscc)
