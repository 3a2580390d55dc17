DROP VIEW IF EXISTS v_batch;
CREATE VIEW v_batch WITH (security_invoker = true) AS
SELECT b.batch_id, s.name AS source, s.kind AS source_kind, b.started_at, b.committed_at, b.complete, b.rows_read,
  b.rows_new, b.rows_changed, b.rows_unchanged, b.rows_closed, b.rows_refused, b.rows_duplicate, b.rows_skipped, b.bytes,
  b.watermark, b.program, (
    SELECT coalesce(jsonb_agg(r || jsonb_build_object('kind', k.key) ORDER BY k.key, r ->> 'column', r ->> 'code'), '[]')
    FROM jsonb_each(b.profile) k CROSS JOIN LATERAL jsonb_array_elements(k.value -> 'remarks') AS r) AS remarks
FROM batch b JOIN source s USING (source_id);
COMMENT ON VIEW v_batch IS '批次 Batches in commit order, with the source that sent them.';
COMMENT ON COLUMN v_batch.batch_id IS 'number of the batch; the order of numbers is the order of commits';
COMMENT ON COLUMN v_batch.source IS 'name of the source';
COMMENT ON COLUMN v_batch.source_kind IS 'kind of the source';
COMMENT ON COLUMN v_batch.started_at IS 'time the pull began';
COMMENT ON COLUMN v_batch.committed_at IS 'time of the commit';
COMMENT ON COLUMN v_batch.complete IS 'the source said it sends everything';
COMMENT ON COLUMN v_batch.rows_read IS 'rows';
COMMENT ON COLUMN v_batch.rows_new IS 'rows';
COMMENT ON COLUMN v_batch.rows_changed IS 'rows';
COMMENT ON COLUMN v_batch.rows_unchanged IS 'rows';
COMMENT ON COLUMN v_batch.rows_closed IS 'rows no longer there';
COMMENT ON COLUMN v_batch.rows_refused IS 'rows put into quarantine';
COMMENT ON COLUMN v_batch.rows_duplicate IS 'rows said twice';
COMMENT ON COLUMN v_batch.rows_skipped IS 'rows of a kind that is not kept';
COMMENT ON COLUMN v_batch.bytes IS 'bytes as received';
COMMENT ON COLUMN v_batch.watermark IS 'cursor after the batch';
COMMENT ON COLUMN v_batch.remarks IS 'beside values that were taken, of the rows that were read: [{kind, column, code, n, and of the first one file, row, value}]';
COMMENT ON COLUMN v_batch.program IS 'version of the program that read it';
