DROP VIEW IF EXISTS v_jurisdiction;
CREATE VIEW v_jurisdiction WITH (security_invoker = true) AS
SELECT code, parent_code, name_zh, name_en
FROM jurisdiction;
COMMENT ON VIEW v_jurisdiction IS '辖区 Jurisdictions; parameters are read from one, else from its parents.';
COMMENT ON COLUMN v_jurisdiction.code IS 'code of the jurisdiction';
COMMENT ON COLUMN v_jurisdiction.parent_code IS 'code of the one above';
COMMENT ON COLUMN v_jurisdiction.name_zh IS 'Chinese name';
COMMENT ON COLUMN v_jurisdiction.name_en IS 'English name';
