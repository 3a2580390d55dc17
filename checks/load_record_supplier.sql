-- For the findings of records. One row: a supplier. Amounts in fen. $1 known batch, $2 fiscal year
SELECT uscc, name, industry_code, size_class, employees, revenue_fen, assets_fen, size_year, deemed, large_controlled
FROM supplier_at($1::bigint)
WHERE uscc IN (SELECT r.supplier_uscc FROM contract_of_records($1::bigint, $2::integer) r)
ORDER BY uscc COLLATE "C"
