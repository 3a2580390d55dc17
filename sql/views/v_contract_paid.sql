-- v_contract_paid: what was paid under a contract on obligations that count for the paid basis (Q-8): all but deposits.
DROP VIEW IF EXISTS v_contract_paid;
CREATE VIEW v_contract_paid WITH (security_invoker = true) AS
SELECT contract_no, least(paid_fen, 9223372036854775807)::bigint AS paid_fen FROM contract_paid;
COMMENT ON VIEW v_contract_paid IS '已付本金 Principal paid per contract, deposits apart.';
COMMENT ON COLUMN v_contract_paid.contract_no IS 'contract number';
COMMENT ON COLUMN v_contract_paid.paid_fen IS 'principal paid as the last run had it, fen; the largest value where it is larger';
