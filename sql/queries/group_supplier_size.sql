-- The states of sizes told more than once. One row: the number of its group, then the columns of checks/load_supplier.sql.
DECLARE group_supplier_size NO SCROLL CURSOR FOR
SELECT w.seq, z.uscc, z.name, z.industry_code, z.size_class, z.employees, z.revenue_fen, z.assets_fen, z.size_year, z.deemed,
  z.large_controlled, true, z.size_from, z.told
FROM supplier_size_at(9223372036854775807) z JOIN work_group w ON w.supplier_uscc = z.uscc
ORDER BY w.seq
