DROP VIEW IF EXISTS v_state_version;
CREATE VIEW v_state_version WITH (security_invoker = true) AS
SELECT version
FROM state_version;
COMMENT ON VIEW v_state_version IS '状态版本 The number that every committed change moves.';
COMMENT ON COLUMN v_state_version.version IS 'number';
