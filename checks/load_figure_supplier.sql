-- For the figures of one year. One row: a supplier. Amounts in fen. $1 known batch, $2 fiscal year
SELECT uscc, name, industry_code, size_class, employees, revenue_fen, assets_fen, size_year, deemed, large_controlled
FROM supplier_at($1::bigint)
WHERE uscc IN (SELECT y.supplier_uscc FROM contract_of_year($1::bigint, $2::integer) y)
ORDER BY uscc COLLATE "C"
