-- touched_group(after, last_day, today): the allocation groups (unit, supplier) whose verdicts may differ from those of a
-- run that knew batch `after` and looked at last_day: what later batches brought or ended, what hangs on a supplier, register
-- entry, unit or parent unit that changed, and what has a day of its own in (last_day, today]. A group too many costs its judging only;
-- a group may come twice.
-- Rows that a batch brought carry its number, rows that it ended lie in the history with it as to_batch: these are the marks.
DROP FUNCTION IF EXISTS touched_group(bigint, date, date);
CREATE FUNCTION touched_group(after bigint, last_day date, today date)
RETURNS TABLE (unit_code text, supplier_uscc text) LANGUAGE sql STABLE AS $$
WITH RECURSIVE changed_contract AS MATERIALIZED (
  SELECT contract_no, unit_code, supplier_uscc FROM contract WHERE batch_id > after
  UNION ALL SELECT contract_no, unit_code, supplier_uscc FROM contract_history WHERE to_batch > after
), changed_payment AS MATERIALIZED (
  SELECT contract_no, obligation_no, unit_code, payee_uscc, reverses_voucher_no FROM payment WHERE batch_id > after
  UNION ALL
  SELECT contract_no, obligation_no, unit_code, payee_uscc, reverses_voucher_no FROM payment_history WHERE to_batch > after
), paying AS MATERIALIZED (
  SELECT contract_no, obligation_no, unit_code, payee_uscc FROM changed_payment WHERE reverses_voucher_no = ''
  UNION ALL
  SELECT p.contract_no, p.obligation_no, p.unit_code, p.payee_uscc
  FROM changed_payment r JOIN payment p ON p.voucher_no = r.reverses_voucher_no
  WHERE r.reverses_voucher_no <> ''
), number AS MATERIALIZED (
  SELECT contract_no FROM changed_contract
  UNION SELECT contract_no FROM amendment WHERE batch_id > after
  UNION SELECT contract_no FROM amendment_history WHERE to_batch > after
  UNION SELECT contract_no FROM event WHERE batch_id > after
  UNION SELECT contract_no FROM event_history WHERE to_batch > after
  UNION SELECT contract_no FROM obligation WHERE batch_id > after AND contract_no <> ''
  UNION SELECT contract_no FROM obligation_history WHERE to_batch > after AND contract_no <> ''
  UNION SELECT o.contract_no FROM obligation o JOIN (
      SELECT obligation_no FROM dispute WHERE batch_id > after
      UNION SELECT obligation_no FROM dispute_history WHERE to_batch > after) d ON d.obligation_no = o.obligation_no
    WHERE o.contract_no <> ''
  UNION SELECT contract_no FROM paying WHERE contract_no <> ''
  UNION SELECT contract_no FROM register_entry
    WHERE contract_no <> '' AND (batch_id > after OR (withdrawn_on > last_day AND withdrawn_on <= today))
  UNION SELECT contract_no FROM register_entry_history WHERE to_batch > after AND contract_no <> ''
  UNION SELECT o.contract_no FROM paying p JOIN obligation o ON o.obligation_no = p.obligation_no
    WHERE p.contract_no = '' AND p.obligation_no <> ''
), unit_reached AS (
  SELECT unit_code FROM unit WHERE batch_id > after
  UNION SELECT unit_code FROM unit_history WHERE to_batch > after
  UNION SELECT unit_code FROM unit
    WHERE (valid_from > last_day AND valid_from <= today) OR (valid_to >= last_day AND valid_to < today)
), unit_below AS (
  SELECT unit_code FROM unit_reached
  UNION SELECT u.unit_code FROM unit u JOIN unit_below b ON u.parent_code = b.unit_code
)
SELECT unit_code, supplier_uscc FROM changed_contract
UNION ALL SELECT c.unit_code, c.supplier_uscc FROM number n JOIN contract c ON c.contract_no = n.contract_no
UNION ALL SELECT unit_code, payee_uscc FROM paying
UNION ALL SELECT unit_code, payee_uscc FROM payment_touched(after)
UNION ALL SELECT c.unit_code, c.supplier_uscc
  FROM (SELECT uscc FROM supplier WHERE batch_id > after UNION SELECT uscc FROM supplier_history WHERE to_batch > after
      UNION SELECT supplier_uscc FROM register_entry
        WHERE supplier_uscc <> '' AND (batch_id > after OR (withdrawn_on > last_day AND withdrawn_on <= today))
      UNION SELECT supplier_uscc FROM register_entry_history WHERE to_batch > after AND supplier_uscc <> '') s
    JOIN contract c ON c.supplier_uscc = s.uscc
UNION ALL SELECT c.unit_code, c.supplier_uscc FROM unit_below b JOIN contract c ON c.unit_code = b.unit_code
UNION ALL SELECT g.unit_code, g.supplier_uscc FROM obligation_group g WHERE g.next_change_on <= today
UNION ALL SELECT c.unit_code, c.supplier_uscc FROM contract c WHERE c.signed_on > last_day AND c.signed_on <= today
$$;
COMMENT ON FUNCTION touched_group(bigint, date, date) IS 'allocation groups to be judged again';
