-- For the findings of records. One row: a supplier of a contract, or one state of its size if that was told more than
-- once. Amounts in fen.
-- $1 known batch, $2 number of the first procurement, $3 of the one after the last
WITH wanted AS (
  SELECT s.*
  FROM (SELECT DISTINCT supplier_uscc FROM work_record_contract WHERE seq >= $2::integer AND seq < $3::integer) w
    JOIN supplier_at($1::bigint) s ON s.uscc = w.supplier_uscc
)
SELECT *
FROM (
  SELECT uscc, name, industry_code, size_class, employees, revenue_fen, assets_fen, size_year, deemed, large_controlled,
    false AS one_size, NULL::date AS size_from, NULL::bigint AS told
  FROM wanted
  UNION ALL
  SELECT s.uscc, s.name, z.industry_code, z.size_class, z.employees, z.revenue_fen, z.assets_fen, z.size_year, s.deemed,
    s.large_controlled, true, z.size_from, z.told
  FROM wanted s CROSS JOIN LATERAL supplier_size_of($1::bigint, s.key) z) s
ORDER BY uscc COLLATE "C", one_size, size_from
