-- How many obligations wait for the working calendar of a year.
SELECT missing_year, count(*) FROM obligation_state WHERE missing_year IS NOT NULL GROUP BY missing_year ORDER BY missing_year
