-- One row per incoming amendment that is new, or whose print differs from the current one ($1 = number of the kind):
-- its ordinal in the batch, whether it changes a current row, and whether it clashes (never: its numbers have no owner).
-- Keys of changed rows are kept in `delta`.
WITH diff AS MATERIALIZED (
  SELECT i.ordinal, i.key, c.key IS NOT NULL AS changed
  FROM incoming i LEFT JOIN amendment c ON c.key = i.key
  WHERE i.kind = $1::smallint AND i.print IS NOT NULL AND c.print IS DISTINCT FROM i.print
), kept AS (
  INSERT INTO delta (kind, key) SELECT $1::smallint, key FROM diff WHERE changed
)
SELECT ordinal, changed, false AS clash FROM diff
