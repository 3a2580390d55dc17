-- One row: what is on record of an obligation of the groups $1 to $2 - 1: number and print.
SELECT s.obligation_no, s.print
FROM work_group w JOIN obligation_state s ON s.unit_code = w.unit_code AND s.supplier_uscc = w.supplier_uscc
WHERE w.seq >= $1::integer AND w.seq < $2::integer
