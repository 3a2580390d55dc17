-- One row: the number of its group, then the columns of checks/load_event.sql.
DECLARE group_event NO SCROLL CURSOR FOR
SELECT w.seq, e.contract_no, e.instalment, e.kind, e.result, e.happened_on, e.part_ppm, e.amount_fen, e.document
FROM work_contract w JOIN event e ON e.contract_no = w.contract_no
ORDER BY 1, e.happened_on, e.seq, e.kind COLLATE "C", e.instalment
