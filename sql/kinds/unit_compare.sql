-- One row per incoming unit that is new, or whose print differs from the current one ($1 = number of the kind, $2 =
-- source, $3 = the batch only names organisations in passing: then a row of another source says more and stays): its
-- ordinal in the batch, whether it changes a current row, and whether it clashes (never: its numbers have no owner). Keys of
-- changed rows are kept in `delta`. A row of a source of greater authority stays too, and the difference is kept in
-- organisation_conflict until the two agree.
WITH differs AS MATERIALIZED (
  SELECT i.ordinal, i.key, c.key IS NOT NULL AS changed,
    c.key IS NULL OR b.source_id = $2::integer AS own, coalesce(o.authority < m.authority, false) AS outranked
  FROM incoming i LEFT JOIN unit c ON c.key = i.key LEFT JOIN batch b ON b.batch_id = c.batch_id
  LEFT JOIN source o ON o.source_id = b.source_id LEFT JOIN source m ON m.source_id = $2::integer
  WHERE i.kind = $1::smallint AND i.print IS NOT NULL AND c.print IS DISTINCT FROM i.print
), diff AS (
  SELECT * FROM differs WHERE own OR NOT $3::boolean AND NOT outranked
), kept AS (
  INSERT INTO delta (kind, key) SELECT $1::smallint, key FROM diff WHERE changed
), told AS (
  INSERT INTO organisation_conflict (kind, key, source_id)
  SELECT $1::smallint, key, $2::integer FROM differs WHERE NOT own AND outranked AND NOT $3::boolean
  ON CONFLICT DO NOTHING
), settled AS (
  DELETE FROM organisation_conflict x USING incoming i
  WHERE NOT $3::boolean AND x.kind = $1::smallint AND x.source_id = $2::integer AND i.kind = x.kind AND i.key = x.key
    AND NOT EXISTS (SELECT FROM differs d WHERE d.key = x.key AND NOT d.own AND d.outranked)
)
SELECT ordinal, changed, false AS clash, false AS astray FROM diff
