-- Current versions of register_entry that this batch replaces go to history ($1 = batch, $2 = number of the kind).
WITH ended AS (
  DELETE FROM register_entry c USING delta d WHERE d.kind = $2::smallint AND d.key = c.key RETURNING c.*
)
INSERT INTO register_entry_history SELECT ended.*, $1::bigint FROM ended
