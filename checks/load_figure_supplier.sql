-- For the figures of one year. One row: a supplier of a contract signed in it, or one state of its size if that was told
-- more than once, in any order; for all units every supplier, because there are fewer of them than contracts to look
-- through. Amounts in fen.
-- $1 known batch, $2 fiscal year, $3 units (text array), null = all
SELECT uscc, name, industry_code, size_class, employees, revenue_fen, assets_fen, size_year, deemed, large_controlled,
  false AS one_size, NULL::date AS size_from, NULL::bigint AS told
FROM supplier_at($1::bigint)
WHERE $3::text[] IS NULL
UNION ALL
SELECT s.uscc, s.name, s.industry_code, s.size_class, s.employees, s.revenue_fen, s.assets_fen, s.size_year, s.deemed,
  s.large_controlled, false, NULL, NULL
FROM (
    SELECT DISTINCT c.supplier_uscc FROM contract_of_year($1::bigint, $2::integer) c WHERE c.unit_code = ANY ($3::text[])) c
  -- OFFSET keeps it a look into an index for each of them.
  CROSS JOIN LATERAL (SELECT * FROM supplier_at($1::bigint) s WHERE s.uscc = c.supplier_uscc OFFSET 0) s
WHERE $3::text[] IS NOT NULL
UNION ALL
SELECT uscc, name, industry_code, size_class, employees, revenue_fen, assets_fen, size_year, deemed, large_controlled,
  true, size_from, told
FROM supplier_size_at($1::bigint)
