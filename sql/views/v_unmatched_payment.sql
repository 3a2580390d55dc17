-- v_unmatched_payment: payments that name neither a contract nor an obligation, or one that nobody knows, and the contract
-- they likely belong to.
--
-- Candidates are the standing contracts of the same unit, currency and payee (by code; by exact name where the voucher
-- has no code), signed by the day of payment. Likely: the only one of them with this very amount, as a whole or as one of
-- its instalments; else the only candidate. A proposal is never a match: nothing is counted by it.
DROP VIEW IF EXISTS v_unmatched_payment;
CREATE VIEW v_unmatched_payment WITH (security_invoker = true) AS
SELECT p.key, p.batch_id, p.voucher_no, p.contract_no AS stated_contract_no, p.unit_code, p.payee_uscc, p.payee_name,
  p.amount_fen, p.currency, coalesce(p.received_on, p.cleared_on, p.voucher_on) AS paid_on,
  coalesce(c.candidates, 0)::integer AS candidates,
  CASE WHEN c.exact = 1 THEN c.exact_no WHEN c.candidates = 1 THEN c.any_no ELSE '' END AS likely_contract_no,
  CASE WHEN c.exact = 1 THEN 'amount' WHEN c.candidates = 1 THEN 'only' ELSE '' END AS likely_because
FROM payment p
CROSS JOIN LATERAL (
  SELECT count(*) AS candidates, min(k.contract_no) AS any_no, count(*) FILTER (WHERE k.exact) AS exact,
    min(k.contract_no) FILTER (WHERE k.exact) AS exact_no
  FROM (
    SELECT k.contract_no, k.amount_fen = p.amount_fen OR EXISTS (
        SELECT FROM obligation o WHERE o.contract_no = k.contract_no AND o.amount_fen = p.amount_fen) AS exact
    FROM contract k
    WHERE k.unit_code = p.unit_code AND k.currency = p.currency AND k.status <> 'cancelled'
      AND (k.supplier_uscc = p.payee_uscc AND p.payee_uscc <> ''
        OR p.payee_uscc = '' AND p.payee_name <> '' AND k.supplier_name = p.payee_name)
      AND (k.signed_on IS NULL OR k.signed_on <= coalesce(p.received_on, p.cleared_on, p.voucher_on, k.signed_on))
  ) k
) c
WHERE p.amount_fen > 0 AND p.reverses_voucher_no = ''
  AND NOT EXISTS (SELECT FROM contract k WHERE k.contract_no = p.contract_no AND p.contract_no <> '')
  AND NOT EXISTS (
    SELECT FROM obligation o JOIN contract k ON k.contract_no = o.contract_no
    WHERE o.obligation_no = p.obligation_no AND p.contract_no = '' AND p.obligation_no <> '');
COMMENT ON VIEW v_unmatched_payment IS '待匹配支付 Payments that no contract number ties to a contract, with a proposal.';
COMMENT ON COLUMN v_unmatched_payment.key IS 'hash of the natural key of the payment';
COMMENT ON COLUMN v_unmatched_payment.batch_id IS 'batch that brought it';
COMMENT ON COLUMN v_unmatched_payment.voucher_no IS 'number of the payment voucher';
COMMENT ON COLUMN v_unmatched_payment.stated_contract_no IS 'number that the voucher names, unknown to the ledger; mostly empty';
COMMENT ON COLUMN v_unmatched_payment.unit_code IS 'code of the paying unit';
COMMENT ON COLUMN v_unmatched_payment.payee_uscc IS 'code of the payee';
COMMENT ON COLUMN v_unmatched_payment.payee_name IS 'payee as the source writes it';
COMMENT ON COLUMN v_unmatched_payment.amount_fen IS 'amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_unmatched_payment.currency IS 'ISO 4217 code';
COMMENT ON COLUMN v_unmatched_payment.paid_on IS 'day it was received, else cleared, else of the voucher';
COMMENT ON COLUMN v_unmatched_payment.candidates IS 'contracts of the unit with this payee';
COMMENT ON COLUMN v_unmatched_payment.likely_contract_no IS 'the contract proposed; empty when none or several could be';
COMMENT ON COLUMN v_unmatched_payment.likely_because IS 'amount = the only one with this amount, only = the only one at all';
