-- New versions of register_entry rows, straight into the current table.
COPY register_entry (
  key, print, batch_id, place, extra, entry_no, register, fiscal_year, unit_code, project_code, package_no, supplier_uscc, contract_no, field, value, reason,
  evidence, approver, valid_from, valid_to, recorded_by, withdrawn_on, withdrawn_by, withdrawn_reason
) FROM STDIN (FORMAT binary)
