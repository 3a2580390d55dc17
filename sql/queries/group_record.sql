-- One row: the number of a group, then what is on record of it.
DECLARE group_record NO SCROLL CURSOR FOR
SELECT w.seq, g.unit_code, g.supplier_uscc, g.next_change_on, g.print
FROM work_group w JOIN obligation_group g ON g.unit_code = w.unit_code AND g.supplier_uscc = w.supplier_uscc
ORDER BY 1
