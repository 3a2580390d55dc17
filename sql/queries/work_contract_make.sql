-- The contracts of the groups by number: what amendments, obligations and payments are joined with.
CREATE TEMPORARY TABLE work_contract ON COMMIT DROP AS
SELECT w.seq, c.contract_no
FROM work_group w JOIN contract c ON c.supplier_uscc = w.supplier_uscc AND c.unit_code = w.unit_code
WHERE c.currency = 'CNY'
