-- All records of the procurements that were looked at. $1 known batch, $2 fiscal year
-- OFFSET keeps it a look into an index for each of the procurements, however many the ledger holds.
INSERT INTO judged_subject (subject, subject_kind)
SELECT w.contract_no, k.kind FROM work_record_contract w CROSS JOIN (VALUES ('contract'), ('amendment')) AS k (kind)
UNION
SELECT budget_item_subject(b.fiscal_year, b.unit_code, b.project_code, b.package_no), 'budget_item'
FROM work_record w CROSS JOIN LATERAL (
    SELECT * FROM budget_item_at($1::bigint) b WHERE b.project_code = w.project_code AND b.project_code <> '' OFFSET 0) b
WHERE w.project_code <> '' AND b.fiscal_year IN ($2::integer - 1, $2::integer)
UNION
SELECT budget_item_subject(b.fiscal_year, b.unit_code, b.project_code, b.package_no), 'budget_item'
FROM work_record w JOIN budget_item_at($1::bigint) b ON b.unit_code = w.unit_code AND b.project_code = ''
WHERE w.unit_code <> '' AND b.fiscal_year IN ($2::integer - 1, $2::integer)
ON CONFLICT DO NOTHING
