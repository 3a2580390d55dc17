-- v_obligation_paid: what was paid on obligations that count for the paid basis (Q-8): all but deposits.
DROP VIEW IF EXISTS v_obligation_paid;
CREATE VIEW v_obligation_paid WITH (security_invoker = true) AS
SELECT obligation_no, contract_no, unit_code, paid_fen FROM obligation_state WHERE kind <> 'deposit';
COMMENT ON VIEW v_obligation_paid IS '已付本金 Principal paid per obligation, deposits apart.';
COMMENT ON COLUMN v_obligation_paid.obligation_no IS 'number of the obligation';
COMMENT ON COLUMN v_obligation_paid.contract_no IS 'contract number';
COMMENT ON COLUMN v_obligation_paid.unit_code IS 'code of the contract''s budget unit';
COMMENT ON COLUMN v_obligation_paid.paid_fen IS 'principal paid, fen';
