DROP VIEW IF EXISTS v_quarantine;
CREATE VIEW v_quarantine WITH (security_invoker = true) AS
SELECT q.quarantine_id, q.batch_id, s.name AS source, q.kind, q.file, q.place, q.field, q.value, q.code, q.reason,
  q.row_text, q.resolved_batch
FROM quarantine q JOIN batch b USING (batch_id) JOIN source s USING (source_id);
COMMENT ON VIEW v_quarantine IS '待更正数据 Refused rows.';
COMMENT ON COLUMN v_quarantine.quarantine_id IS 'number of the entry';
COMMENT ON COLUMN v_quarantine.batch_id IS 'batch that brought the row';
COMMENT ON COLUMN v_quarantine.source IS 'name of the source';
COMMENT ON COLUMN v_quarantine.kind IS 'record kind';
COMMENT ON COLUMN v_quarantine.file IS 'name of the file or page';
COMMENT ON COLUMN v_quarantine.place IS 'row number or byte offset inside it';
COMMENT ON COLUMN v_quarantine.field IS 'column that was refused';
COMMENT ON COLUMN v_quarantine.value IS 'value as received';
COMMENT ON COLUMN v_quarantine.code IS 'why, as a code';
COMMENT ON COLUMN v_quarantine.reason IS 'why, in words';
COMMENT ON COLUMN v_quarantine.row_text IS 'the row as received';
COMMENT ON COLUMN v_quarantine.resolved_batch IS 'batch that brought a good row with the same key; null = still open';
