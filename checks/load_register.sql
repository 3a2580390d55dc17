-- One row: a register entry. value_ppm: the value of a corrected share. $1 known batch
SELECT entry_no, register, fiscal_year, unit_code, project_code, package_no, supplier_uscc, contract_no, field, value,
  CASE WHEN value ~ '^[0-9]{1,3}(\.[0-9]{1,4})?$' THEN (value::numeric * 10000)::bigint END, reason, evidence, approver,
  valid_from, valid_to, withdrawn_on
FROM register_entry_at($1::bigint)
ORDER BY entry_no COLLATE "C"
