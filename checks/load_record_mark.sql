-- For the findings of records. One row: what a person declared about a fiscal year. $1 known batch, $2 fiscal year
SELECT fiscal_year, unit_code, mark, marked_on, marked_by
FROM year_mark_at($1::bigint)
WHERE fiscal_year IN ($2::integer - 1, $2::integer)
ORDER BY fiscal_year, unit_code COLLATE "C", mark COLLATE "C", marked_on NULLS FIRST
