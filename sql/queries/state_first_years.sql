-- After a first run: how many obligations wait for the working calendar of each year. $1 years, $2 how many (arrays)
INSERT INTO obligation_missing_year (missing_year, obligations)
SELECT * FROM unnest($1::integer[], $2::bigint[])
