-- One row per incoming obligation that is new, or whose print differs from the current one ($1 = number of the kind,
-- $2 = source): its ordinal in the batch, whether it changes a current row, and whether it clashes: the current row came
-- from another source and gives the number to another contract_no. Keys of changed rows are kept in `delta`.
-- $3: the batch says only what differs from the last one; astray = the row is current though nothing of its key is gone,
-- so it may stand a second time in what was not read.
WITH diff AS MATERIALIZED (
  SELECT i.ordinal, i.key, c.key IS NOT NULL AS changed,
    c.key IS NOT NULL AND b.source_id <> $2::integer AND i.owner <> '' AND c.contract_no <> '' AND i.owner <> c.contract_no AS clash,
    $3::boolean AND c.key IS NOT NULL AND g.key IS NULL AS astray
  FROM incoming i LEFT JOIN obligation c ON c.key = i.key LEFT JOIN batch b ON b.batch_id = c.batch_id
    LEFT JOIN (SELECT DISTINCT key FROM gone WHERE kind = $1::smallint) g ON g.key = i.key
  WHERE i.kind = $1::smallint AND i.print IS NOT NULL
    AND (c.print IS DISTINCT FROM i.print OR $3::boolean AND c.key IS NOT NULL AND g.key IS NULL)
), kept AS (
  INSERT INTO delta (kind, key) SELECT $1::smallint, key FROM diff WHERE changed AND NOT clash
)
SELECT ordinal, changed, clash, astray FROM diff
