-- The contracts of all procurements that are looked at. $1 known batch, $2 fiscal year
INSERT INTO work_record_contract (seq, contract_no, unit_code, supplier_uscc)
SELECT w.seq, c.contract_no, c.unit_code, c.supplier_uscc
FROM work_record w JOIN contract_of_records($1::bigint, $2::integer) c ON c.project_code = w.project_code
WHERE w.project_code <> ''
UNION ALL
SELECT w.seq, c.contract_no, c.unit_code, c.supplier_uscc
FROM work_record w JOIN contract_of_records($1::bigint, $2::integer) c ON c.contract_no = w.contract_no
WHERE w.contract_no <> '' AND c.project_code = ''
