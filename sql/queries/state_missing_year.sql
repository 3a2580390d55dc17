-- How many obligations wait for the working calendar of a year.
SELECT missing_year, obligations FROM obligation_missing_year WHERE obligations > 0 ORDER BY missing_year
