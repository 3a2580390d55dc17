-- The file a record came in ($1 = batch_id, $2 = place of the record, both as they stand in its ledger row): the upper
-- bits of place count the files of the batch from 0, the lower 40 are the locator inside the file.
SELECT f.name, f.kind, f.sha256, $2::bigint & ((1::bigint << 40) - 1) AS locator, s.name AS source, f.format
FROM batch_file f JOIN batch b USING (batch_id) JOIN source s USING (source_id)
WHERE f.batch_id = $1::bigint AND f.file_no = ($2::bigint >> 40) + 1
