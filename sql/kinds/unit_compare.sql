-- One row per incoming unit that is new, or whose print differs from the current one ($1 = number of the kind;
-- $2 = source when the batch only names organisations in passing, else null: then a row of another source says more and
-- stays): its ordinal in the batch, whether it changes a current row, and whether it clashes (never: its numbers have no
-- owner). Keys of changed rows are kept in `delta`.
WITH diff AS MATERIALIZED (
  SELECT i.ordinal, i.key, c.key IS NOT NULL AS changed
  FROM incoming i LEFT JOIN unit c ON c.key = i.key LEFT JOIN batch b ON b.batch_id = c.batch_id
  WHERE i.kind = $1::smallint AND i.print IS NOT NULL AND c.print IS DISTINCT FROM i.print
    AND ($2::integer IS NULL OR c.key IS NULL OR b.source_id = $2::integer)
), kept AS (
  INSERT INTO delta (kind, key) SELECT $1::smallint, key FROM diff WHERE changed
)
SELECT ordinal, changed, false AS clash FROM diff
