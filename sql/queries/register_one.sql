-- One entry as it stands, as texts in the order of the exchange profile. $1 entry_no
SELECT entry_no, register, fiscal_year::text, unit_code, project_code, package_no, supplier_uscc, contract_no, field, value,
  reason, evidence, approver, valid_from::text, valid_to::text, recorded_by, withdrawn_on::text, withdrawn_by, withdrawn_reason
FROM v_register_entry
WHERE entry_no = $1::text
