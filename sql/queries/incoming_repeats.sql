-- Rows whose key came before in this batch: taken out of `incoming` and listed with the place of the first one, and
-- whether they say the same.
WITH twice AS (
  SELECT kind, key FROM incoming WHERE print IS NOT NULL GROUP BY kind, key HAVING count(*) > 1
), numbered AS (
  SELECT i.ctid AS row_id, i.ordinal, row_number() OVER w AS nth, first_value(i.place) OVER w AS first_place,
    first_value(i.print) OVER w = i.print AS same
  FROM incoming i JOIN twice USING (kind, key)
  WHERE i.print IS NOT NULL
  WINDOW w AS (PARTITION BY kind, key ORDER BY i.ordinal)
), gone AS (
  DELETE FROM incoming i USING numbered n WHERE i.ctid = n.row_id AND n.nth > 1
)
SELECT ordinal, first_place, same FROM numbered WHERE nth > 1 ORDER BY ordinal
