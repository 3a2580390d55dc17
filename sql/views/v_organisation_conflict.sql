-- v_organisation_conflict: units and suppliers that two sources describe differently, and whose word stands.
DROP VIEW IF EXISTS v_organisation_conflict;
CREATE VIEW v_organisation_conflict WITH (security_invoker = true) AS
SELECT 'unit' AS kind, u.unit_code AS code, u.name, k.name AS believed, s.name AS source, x.since
FROM organisation_conflict x JOIN source s USING (source_id) JOIN unit u ON x.kind = 0 AND u.key = x.key
JOIN batch b ON b.batch_id = u.batch_id JOIN source k ON k.source_id = b.source_id
UNION ALL
SELECT 'supplier', u.uscc, u.name, k.name, s.name, x.since
FROM organisation_conflict x JOIN source s USING (source_id) JOIN supplier u ON x.kind = 1 AND u.key = x.key
JOIN batch b ON b.batch_id = u.batch_id JOIN source k ON k.source_id = b.source_id;
COMMENT ON VIEW v_organisation_conflict IS '来源冲突 Units and suppliers that two sources describe differently.';
COMMENT ON COLUMN v_organisation_conflict.kind IS 'unit or supplier';
COMMENT ON COLUMN v_organisation_conflict.code IS 'its code';
COMMENT ON COLUMN v_organisation_conflict.name IS 'its name, as believed';
COMMENT ON COLUMN v_organisation_conflict.believed IS 'source whose word stands';
COMMENT ON COLUMN v_organisation_conflict.source IS 'source that says something else';
COMMENT ON COLUMN v_organisation_conflict.since IS 'since when';
