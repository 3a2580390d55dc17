-- The states of a supplier's size, of those whose size was told more than once (checks/supplier_rows.h says which one a
-- contract takes). Corrections of the same state are not apart: the last word on figures of one year, or of one day where
-- no year is given, is what stands.
--
-- supplier_size_of(known, supplier): of one supplier (its key) in the ledger as it stood after batch `known`; no row if it
-- was told once, or if nothing is said of its size. size_from: the first day of signing a state speaks for; told: the
-- batch that told it first.
DROP FUNCTION IF EXISTS supplier_size_of(bigint, uuid);
CREATE FUNCTION supplier_size_of(known bigint, supplier uuid)
RETURNS TABLE (industry_code text, size_class text, employees bigint, revenue_fen bigint, assets_fen bigint,
  size_year integer, size_from date, told bigint) LANGUAGE sql STABLE PARALLEL SAFE AS $$
WITH past AS (
  SELECT h.batch_id, h.industry_code, h.size_class, h.employees, h.revenue_fen, h.assets_fen, h.size_year
  FROM supplier_history h WHERE h.key = supplier AND h.to_batch <= known
), word AS (
  SELECT * FROM past
  UNION ALL
  SELECT s.batch_id, s.industry_code, s.size_class, s.employees, s.revenue_fen, s.assets_fen, s.size_year
  FROM supplier_at(known) s WHERE s.key = supplier AND EXISTS (SELECT FROM past)
), dated AS (
  SELECT w.*, CASE WHEN w.size_year BETWEEN 1900 AND 2998 THEN make_date(w.size_year + 1, 1, 1)
      ELSE (b.committed_at AT TIME ZONE 'Asia/Shanghai')::date END AS size_from
  FROM word w LEFT JOIN batch b ON b.batch_id = w.batch_id
), state AS (
  SELECT DISTINCT ON (d.size_from) d.*, min(d.batch_id) OVER (PARTITION BY d.size_from) AS told
  FROM dated d ORDER BY d.size_from, d.batch_id DESC
)
SELECT t.industry_code, t.size_class, t.employees, t.revenue_fen, t.assets_fen, t.size_year, t.size_from, t.told
FROM state t
WHERE t.size_class <> '' OR num_nonnulls(t.employees, t.revenue_fen, t.assets_fen) > 0
$$;
COMMENT ON FUNCTION supplier_size_of(bigint, uuid) IS 'states of one supplier''s size, if it was told more than once';

-- supplier_size_at(known): the same of every supplier, with what is said of it today beside its size.
DROP FUNCTION IF EXISTS supplier_size_at(bigint);
CREATE FUNCTION supplier_size_at(known bigint)
RETURNS TABLE (uscc text, name text, industry_code text, size_class text, employees bigint, revenue_fen bigint,
  assets_fen bigint, size_year integer, deemed text, large_controlled boolean, size_from date, told bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT s.uscc, s.name, z.industry_code, z.size_class, z.employees, z.revenue_fen, z.assets_fen, z.size_year, s.deemed,
  s.large_controlled, z.size_from, z.told
FROM (SELECT DISTINCT h.key FROM supplier_history h WHERE h.to_batch <= known) k
  JOIN supplier_at(known) s ON s.key = k.key
  CROSS JOIN LATERAL supplier_size_of(known, k.key) z
$$;
COMMENT ON FUNCTION supplier_size_at(bigint) IS 'states of the suppliers'' sizes, of those told more than once';
