-- payment_touched(after): current payments that may have come to name a number nobody knows, or ceased to, since batch
-- `after`: what later batches brought, and what names a contract or an obligation that they brought, changed or ended.
DROP FUNCTION IF EXISTS payment_touched(bigint);
CREATE FUNCTION payment_touched(after bigint)
RETURNS TABLE (key uuid, unit_code text, payee_uscc text) LANGUAGE sql STABLE AS $$
WITH changed_contract AS MATERIALIZED (
  SELECT contract_no FROM contract WHERE batch_id > after
  UNION SELECT contract_no FROM contract_history WHERE to_batch > after
), changed_obligation AS MATERIALIZED (
  SELECT obligation_no FROM obligation WHERE batch_id > after
  UNION SELECT obligation_no FROM obligation_history WHERE to_batch > after
  UNION SELECT o.obligation_no FROM changed_contract c JOIN obligation o ON o.contract_no = c.contract_no
)
SELECT p.key, p.unit_code, p.payee_uscc FROM payment p WHERE p.batch_id > after
UNION ALL
SELECT p.key, p.unit_code, p.payee_uscc FROM changed_contract c JOIN payment p ON p.contract_no = c.contract_no
WHERE p.contract_no <> ''
UNION ALL
SELECT p.key, p.unit_code, p.payee_uscc FROM changed_obligation o JOIN payment p ON p.obligation_no = o.obligation_no
WHERE p.contract_no = '' AND p.obligation_no <> ''
$$;
COMMENT ON FUNCTION payment_touched(bigint) IS 'payments whose number may be known now, or not any more';
