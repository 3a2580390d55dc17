-- One row: a publication of the one-year loan prime rate, ppm per year. $1 known batch
SELECT published_on, one_year_ppm FROM lpr_at($1::bigint) ORDER BY published_on
