-- Rows whose key comes again later in this batch: taken out of `incoming`; the last one counts.
WITH twice AS (
  SELECT kind, key, max(ordinal) AS last FROM incoming WHERE print IS NOT NULL GROUP BY kind, key HAVING count(*) > 1
)
DELETE FROM incoming i USING twice t
WHERE i.kind = t.kind AND i.key = t.key AND i.print IS NOT NULL AND i.ordinal < t.last
