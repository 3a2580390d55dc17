-- payment_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_payment: the current rows.
DROP FUNCTION IF EXISTS payment_at(bigint);
CREATE FUNCTION payment_at(known bigint) RETURNS SETOF payment LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, voucher_no, contract_no, obligation_no, unit_code, payee_uscc,
    payee_name, amount_fen, currency, voucher_on, cleared_on, received_on, instrument, matures_on,
    reverses_voucher_no
  FROM payment WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, voucher_no, contract_no, obligation_no, unit_code, payee_uscc,
    payee_name, amount_fen, currency, voucher_on, cleared_on, received_on, instrument, matures_on,
    reverses_voucher_no
  FROM payment_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION payment_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_payment;
CREATE VIEW v_payment WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, voucher_no, contract_no, obligation_no, unit_code, payee_uscc, payee_name,
  amount_fen, currency, voucher_on, cleared_on, received_on, instrument, matures_on, reverses_voucher_no
FROM payment;
COMMENT ON VIEW v_payment IS '支付 Payments.';
COMMENT ON COLUMN v_payment.key IS 'hash of the natural key';
COMMENT ON COLUMN v_payment.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_payment.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_payment.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_payment.voucher_no IS 'number of the payment voucher';
COMMENT ON COLUMN v_payment.contract_no IS 'contract number';
COMMENT ON COLUMN v_payment.obligation_no IS 'number of the obligation';
COMMENT ON COLUMN v_payment.unit_code IS 'code of the budget unit';
COMMENT ON COLUMN v_payment.payee_uscc IS 'code of the payee';
COMMENT ON COLUMN v_payment.payee_name IS 'payee as the source writes it';
COMMENT ON COLUMN v_payment.amount_fen IS 'amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_payment.currency IS 'ISO 4217 code';
COMMENT ON COLUMN v_payment.voucher_on IS 'day of the voucher';
COMMENT ON COLUMN v_payment.cleared_on IS 'day the bank cleared it';
COMMENT ON COLUMN v_payment.received_on IS 'day the creditor received it';
COMMENT ON COLUMN v_payment.instrument IS 'cash or bill';
COMMENT ON COLUMN v_payment.matures_on IS 'maturity of the bill';
COMMENT ON COLUMN v_payment.reverses_voucher_no IS 'voucher that this one takes back';
