-- One row: the number of its group, then the columns of checks/load_supplier.sql.
DECLARE group_supplier NO SCROLL CURSOR FOR
SELECT w.seq, s.uscc, s.name, s.industry_code, s.size_class, s.employees, s.revenue_fen, s.assets_fen, s.size_year, s.deemed,
  s.large_controlled, false, NULL::date, NULL::bigint
FROM work_group w JOIN supplier s ON s.uscc = w.supplier_uscc
ORDER BY w.seq
