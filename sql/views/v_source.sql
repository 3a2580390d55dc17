DROP VIEW IF EXISTS v_source;
CREATE VIEW v_source WITH (security_invoker = true) AS
SELECT source_id, name, kind, watermark, last_success_at, last_failure_at, last_failure
FROM source;
COMMENT ON VIEW v_source IS '数据来源 Sources and their cursors.';
COMMENT ON COLUMN v_source.source_id IS 'number of the source';
COMMENT ON COLUMN v_source.name IS 'name in the configuration, or of the import';
COMMENT ON COLUMN v_source.kind IS 'file, http, postgres or import';
COMMENT ON COLUMN v_source.watermark IS 'cursor after the last committed pull';
COMMENT ON COLUMN v_source.last_success_at IS 'time of the last committed pull';
COMMENT ON COLUMN v_source.last_failure_at IS 'time of the last failure';
COMMENT ON COLUMN v_source.last_failure IS 'its text, one line';
