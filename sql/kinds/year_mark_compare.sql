-- One row per incoming year_mark that is new, or whose print differs from the current one ($1 = number of the kind):
-- its ordinal in the batch, and whether it changes a current row. Keys of changed rows are kept in `delta`.
WITH diff AS MATERIALIZED (
  SELECT i.ordinal, i.key, c.key IS NOT NULL AS changed
  FROM incoming i LEFT JOIN year_mark c ON c.key = i.key
  WHERE i.kind = $1::smallint AND i.print IS NOT NULL AND c.print IS DISTINCT FROM i.print
), kept AS (
  INSERT INTO delta (kind, key) SELECT $1::smallint, key FROM diff WHERE changed
)
SELECT ordinal, changed FROM diff
