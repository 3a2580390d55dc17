-- One row: what a person declared about a fiscal year. $1 known batch
SELECT fiscal_year, unit_code, mark, marked_on, marked_by
FROM year_mark_at($1::bigint)
ORDER BY fiscal_year, unit_code COLLATE "C", mark COLLATE "C", marked_on NULLS FIRST
