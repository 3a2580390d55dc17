-- The same as work_record_contract_all for a few procurements: OFFSET keeps it a look into an index for each of them, whatever
-- is believed about the temporary table. $1 known batch, $2 fiscal year
INSERT INTO work_record_contract (seq, contract_no, unit_code, supplier_uscc)
SELECT w.seq, c.contract_no, c.unit_code, c.supplier_uscc
FROM work_record w CROSS JOIN LATERAL (
    SELECT r.contract_no, r.unit_code, r.supplier_uscc FROM contract_of_records($1::bigint, $2::integer) r
    WHERE r.project_code = w.project_code
    OFFSET 0) c
WHERE w.project_code <> ''
UNION ALL
SELECT w.seq, c.contract_no, c.unit_code, c.supplier_uscc
FROM work_record w CROSS JOIN LATERAL (
    SELECT r.contract_no, r.unit_code, r.supplier_uscc FROM contract_of_records($1::bigint, $2::integer) r
    WHERE r.contract_no = w.contract_no AND r.project_code = ''
    OFFSET 0) c
WHERE w.contract_no <> ''
