-- v_identity_decision: what was decided last about a name and a code.
DROP VIEW IF EXISTS v_identity_decision;
CREATE VIEW v_identity_decision WITH (security_invoker = true) AS
SELECT DISTINCT ON (role, name, code) role, name, code, decision_id, verdict, person, reason, decided_at
FROM identity_decision ORDER BY role, name, code, decision_id DESC;
COMMENT ON VIEW v_identity_decision IS '身份认定 Whether a name stands for a code, as a person decided last.';
COMMENT ON COLUMN v_identity_decision.role IS 'supplier or unit';
COMMENT ON COLUMN v_identity_decision.name IS 'name as the records write it';
COMMENT ON COLUMN v_identity_decision.code IS 'unified social credit code, or code of the unit';
COMMENT ON COLUMN v_identity_decision.decision_id IS 'number of the decision';
COMMENT ON COLUMN v_identity_decision.verdict IS 'accepted: records with this name and no code get the code when they are collected; rejected; withdrawn';
COMMENT ON COLUMN v_identity_decision.person IS 'who decided';
COMMENT ON COLUMN v_identity_decision.reason IS 'why';
COMMENT ON COLUMN v_identity_decision.decided_at IS 'when';
