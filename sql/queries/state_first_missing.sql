-- After a first run: how many of its rows wait for the calendar of a year; years of former rows are left with none.
INSERT INTO obligation_missing_year AS m (missing_year, obligations)
SELECT missing_year, sum(obligations)
FROM (
  SELECT missing_year, 1 AS obligations FROM obligation_state WHERE missing_year IS NOT NULL
  UNION ALL SELECT missing_year, 0 FROM obligation_missing_year
) y
GROUP BY missing_year
ON CONFLICT (missing_year) DO UPDATE SET obligations = excluded.obligations
