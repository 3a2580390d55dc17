-- One row: the number of its group, then the columns of checks/load_amendment.sql.
DECLARE group_amendment NO SCROLL CURSOR FOR
SELECT w.seq, a.contract_no, a.amended_on, a.amount_change_fen
FROM work_contract w JOIN amendment a ON a.contract_no = w.contract_no
WHERE a.currency = 'CNY'
ORDER BY 1
