-- One row per incoming register_entry that is new, or whose print differs from the current one ($1 = number of the kind):
-- its ordinal in the batch, whether it changes a current row, and whether it clashes (never). Keys of changed rows are kept in `delta`.
-- $2: the batch says only what differs from the last one; astray = the row is current though nothing of its key is gone,
-- so it may stand a second time in what was not read.
WITH diff AS MATERIALIZED (
  SELECT i.ordinal, i.key, c.key IS NOT NULL AS changed,
    $2::boolean AND c.key IS NOT NULL AND g.key IS NULL AS astray
  FROM incoming i LEFT JOIN register_entry c ON c.key = i.key
    LEFT JOIN (SELECT DISTINCT key FROM gone WHERE kind = $1::smallint) g ON g.key = i.key
  WHERE i.kind = $1::smallint AND i.print IS NOT NULL
    AND (c.print IS DISTINCT FROM i.print OR $2::boolean AND c.key IS NOT NULL AND g.key IS NULL)
), kept AS (
  INSERT INTO delta (kind, key) SELECT $1::smallint, key FROM diff WHERE changed
)
SELECT ordinal, changed, false AS clash, astray FROM diff
