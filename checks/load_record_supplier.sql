-- For the findings of records. One row: a supplier of a contract. Amounts in fen.
-- $1 known batch, $2 number of the first procurement, $3 of the one after the last
SELECT uscc, name, industry_code, size_class, employees, revenue_fen, assets_fen, size_year, deemed, large_controlled
FROM (SELECT DISTINCT supplier_uscc FROM work_record_contract WHERE seq >= $2::integer AND seq < $3::integer) w
  JOIN supplier_at($1::bigint) s ON s.uscc = w.supplier_uscc
ORDER BY uscc COLLATE "C"
