-- For the figures of one year. One row: what a person declared about a fiscal year.
-- $1 known batch, $2 fiscal year, $3 which only keeps the steps alike
SELECT fiscal_year, unit_code, mark, marked_on, marked_by
FROM year_mark_at($1::bigint)
WHERE fiscal_year = $2::integer AND ($3::text[] IS NULL) IS NOT NULL
ORDER BY fiscal_year, unit_code COLLATE "C", mark COLLATE "C", marked_on NULLS FIRST
