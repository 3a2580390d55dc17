-- For the figures of one year. One row: a budget row of the year before, of which only matters whose it is and whether it
-- is the effective one of its package (G-10). Only CNY. $1 known batch, $2 fiscal year, $3 units (text array), null = all
SELECT fiscal_year, unit_code, project_code, package_no, snapshot, approved_on
FROM budget_item_at($1::bigint)
WHERE currency = 'CNY' AND fiscal_year = $2::integer - 1 AND ($3::text[] IS NULL OR unit_code = ANY ($3::text[]))
ORDER BY occurrence
