-- Current versions of contract that this batch replaces go to history ($1 = batch, $2 = number of the kind).
WITH ended AS (
  DELETE FROM contract c USING delta d WHERE d.kind = $2::smallint AND d.key = c.key RETURNING c.*
)
INSERT INTO contract_history SELECT ended.*, $1::bigint FROM ended
