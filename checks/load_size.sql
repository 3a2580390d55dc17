-- One row: the bounds of one indicator of one industry, in yuan or persons. $1 known batch
SELECT standard_id, industry_code, gbt4754, indicator, small_lower, medium_lower, large_lower
FROM size_standard_at($1::bigint)
ORDER BY standard_id COLLATE "C", industry_code COLLATE "C", indicator COLLATE "C"
