-- For the figures of one year. One row: a supplier of a contract signed in it. Amounts in fen.
-- $1 known batch, $2 fiscal year, $3 units (text array), null = all
SELECT uscc, name, industry_code, size_class, employees, revenue_fen, assets_fen, size_year, deemed, large_controlled
FROM supplier_at($1::bigint)
WHERE uscc IN (SELECT c.supplier_uscc FROM contract_of_year($1::bigint, $2::integer) c
  WHERE $3::text[] IS NULL OR c.unit_code = ANY ($3::text[]))
ORDER BY uscc COLLATE "C"
