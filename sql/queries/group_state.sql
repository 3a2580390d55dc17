-- One row: the number of its group, then what is on record of an obligation of it: number and print.
DECLARE group_state NO SCROLL CURSOR FOR
SELECT w.seq, s.obligation_no, s.print
FROM work_group w
  JOIN obligation_state s ON s.unit_code = w.unit_code AND s.supplier_uscc = w.supplier_uscc
ORDER BY w.seq
