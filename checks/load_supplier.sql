-- One row: a supplier. Amounts in fen. $1 known batch
SELECT uscc, name, industry_code, size_class, employees, revenue_fen, assets_fen, size_year, deemed, large_controlled
FROM supplier_at($1::bigint)
ORDER BY uscc COLLATE "C"
