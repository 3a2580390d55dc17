-- The source sent every register entry it has: its current rows that did not come go to history
-- ($1 = batch, $2 = number of the kind, $3 = source). A row that came and was refused is not closed.
-- $4: the batch says only what differs from the last one, so only rows in `gone` may have vanished.
WITH ended AS (
  DELETE FROM register_entry c USING batch b
  WHERE b.batch_id = c.batch_id AND b.source_id = $3::integer
    AND NOT EXISTS (SELECT FROM incoming i WHERE i.kind = $2::smallint AND i.key = c.key)
    AND (NOT $4::boolean OR EXISTS (SELECT FROM gone g WHERE g.kind = $2::smallint AND g.key = c.key))
  RETURNING c.*
)
INSERT INTO register_entry_history SELECT ended.*, $1::bigint FROM ended
