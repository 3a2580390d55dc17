DROP VIEW IF EXISTS v_quarantine;
CREATE VIEW v_quarantine WITH (security_invoker = true) AS
SELECT q.quarantine_id, q.batch_id, s.name AS source, q.kind, q.file, q.place, q.field, q.value, q.code, q.reason,
  q.row_text, q.resolved_batch, b.committed_at AS refused_at, a.what AS settled_how, a.person AS settled_by, a.reason AS settled_because,
  a.at AS acted_at, a.changes, b.profile -> q.kind -> 'header' AS header
FROM quarantine q JOIN batch b USING (batch_id) JOIN source s USING (source_id)
LEFT JOIN LATERAL (
  SELECT * FROM quarantine_act a
  WHERE a.quarantine_id = q.quarantine_id AND (a.what = 'settled' OR a.batch_id IS NOT NULL)
  ORDER BY a.act_id DESC LIMIT 1) a ON true;
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
COMMENT ON COLUMN v_quarantine.resolved_batch IS 'batch by which the row was settled; null = still open';
COMMENT ON COLUMN v_quarantine.refused_at IS 'time of that batch';
COMMENT ON COLUMN v_quarantine.settled_how IS 'corrected or settled, by a person; null = by a batch, or open';
COMMENT ON COLUMN v_quarantine.settled_by IS 'that person';
COMMENT ON COLUMN v_quarantine.settled_because IS 'the reason given';
COMMENT ON COLUMN v_quarantine.acted_at IS 'time of the correction';
COMMENT ON COLUMN v_quarantine.changes IS 'corrected: array of {field, old, new}';
COMMENT ON COLUMN v_quarantine.header IS 'header of the table the row came in, as an array; null = none';
