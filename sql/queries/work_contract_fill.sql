-- The contracts of the groups.
INSERT INTO work_contract (seq, contract_no)
SELECT w.seq, c.contract_no
FROM work_group w JOIN contract c ON c.supplier_uscc = w.supplier_uscc AND c.unit_code = w.unit_code
WHERE c.currency = 'CNY'
