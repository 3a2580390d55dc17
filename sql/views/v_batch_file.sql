DROP VIEW IF EXISTS v_batch_file;
CREATE VIEW v_batch_file WITH (security_invoker = true) AS
SELECT batch_id, file_no, name, kind, sha256, bytes
FROM batch_file;
COMMENT ON VIEW v_batch_file IS '原始文件 Original bytes of a batch; kept under their SHA-256.';
COMMENT ON COLUMN v_batch_file.batch_id IS 'number of the batch';
COMMENT ON COLUMN v_batch_file.file_no IS 'number inside the batch, from 1';
COMMENT ON COLUMN v_batch_file.name IS 'name of the file or page';
COMMENT ON COLUMN v_batch_file.kind IS 'record kind, empty = several';
COMMENT ON COLUMN v_batch_file.sha256 IS 'SHA-256 of the bytes as received, hex';
COMMENT ON COLUMN v_batch_file.bytes IS 'bytes as received';
