-- register_entry_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_register_entry: the current rows.
DROP FUNCTION IF EXISTS register_entry_at(bigint);
CREATE FUNCTION register_entry_at(known bigint) RETURNS SETOF register_entry LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, entry_no, register, fiscal_year, unit_code, project_code, package_no, supplier_uscc, contract_no, field, value, reason,
  evidence, approver, valid_from, valid_to, recorded_by, withdrawn_on, withdrawn_by, withdrawn_reason
  FROM register_entry WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, entry_no, register, fiscal_year, unit_code, project_code, package_no, supplier_uscc, contract_no, field, value, reason,
  evidence, approver, valid_from, valid_to, recorded_by, withdrawn_on, withdrawn_by, withdrawn_reason
  FROM register_entry_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION register_entry_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_register_entry;
CREATE VIEW v_register_entry WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, entry_no, register, fiscal_year, unit_code, project_code, package_no, supplier_uscc, contract_no, field, value, reason,
  evidence, approver, valid_from, valid_to, recorded_by, withdrawn_on, withdrawn_by, withdrawn_reason
FROM register_entry;
COMMENT ON VIEW v_register_entry IS '登记簿 What an authority or a named person decided beside the records, as it stands.';
COMMENT ON COLUMN v_register_entry.key IS 'hash of the natural key';
COMMENT ON COLUMN v_register_entry.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_register_entry.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_register_entry.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_register_entry.entry_no IS 'number of the entry';
COMMENT ON COLUMN v_register_entry.register IS 'exemption: not suitable for reserving (Q-8); deemed: counts as small or micro (Q-13); size: an authority''s answer (Q-14, Z-5); correction: the right value of a record''s field';
COMMENT ON COLUMN v_register_entry.fiscal_year IS 'of an exempt project, or of a corrected budget row';
COMMENT ON COLUMN v_register_entry.unit_code IS 'of the project';
COMMENT ON COLUMN v_register_entry.project_code IS 'of the project';
COMMENT ON COLUMN v_register_entry.package_no IS 'of the project; empty = all its packages';
COMMENT ON COLUMN v_register_entry.supplier_uscc IS 'whom a deemed or size entry is about; empty = the supplier of one contract';
COMMENT ON COLUMN v_register_entry.contract_no IS 'contract that the entry is limited to, or that is corrected';
COMMENT ON COLUMN v_register_entry.field IS 'of a correction: column of the exchange profile';
COMMENT ON COLUMN v_register_entry.value IS 'exemption: circumstance 1 to 5; deemed: disabled_welfare, prison; size: L M S X; correction: the right value';
COMMENT ON COLUMN v_register_entry.reason IS 'in words';
COMMENT ON COLUMN v_register_entry.evidence IS 'document that shows it';
COMMENT ON COLUMN v_register_entry.approver IS 'who approved it';
COMMENT ON COLUMN v_register_entry.valid_from IS 'first day';
COMMENT ON COLUMN v_register_entry.valid_to IS 'last day, null = open';
COMMENT ON COLUMN v_register_entry.recorded_by IS 'who put it on record';
COMMENT ON COLUMN v_register_entry.withdrawn_on IS 'from this day on it has no effect';
COMMENT ON COLUMN v_register_entry.withdrawn_by IS 'who withdrew it';
COMMENT ON COLUMN v_register_entry.withdrawn_reason IS 'why it was withdrawn';
