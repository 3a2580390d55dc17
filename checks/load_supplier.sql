-- One row: a supplier, or one state of its size if that was told more than once. Amounts in fen. $1 known batch
SELECT *
FROM (
  SELECT uscc, name, industry_code, size_class, employees, revenue_fen, assets_fen, size_year, deemed, large_controlled,
    false AS one_size, NULL::date AS size_from, NULL::bigint AS told
  FROM supplier_at($1::bigint)
  UNION ALL
  SELECT uscc, name, industry_code, size_class, employees, revenue_fen, assets_fen, size_year, deemed, large_controlled,
    true, size_from, told
  FROM supplier_size_at($1::bigint)) s
ORDER BY uscc COLLATE "C", one_size, size_from
