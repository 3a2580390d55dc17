-- v_register: every version of every register entry, with when it came and ended; the one that stands is current.
DROP VIEW IF EXISTS v_register;
CREATE VIEW v_register WITH (security_invoker = true) AS
WITH version AS (
  SELECT batch_id, NULL::bigint AS to_batch, entry_no, register, fiscal_year, unit_code, project_code, package_no, supplier_uscc, contract_no, field, value, reason,
  evidence, approver, valid_from, valid_to, recorded_by, withdrawn_on, withdrawn_by, withdrawn_reason
  FROM register_entry
  UNION ALL
  SELECT batch_id, to_batch, entry_no, register, fiscal_year, unit_code, project_code, package_no, supplier_uscc, contract_no, field, value, reason,
  evidence, approver, valid_from, valid_to, recorded_by, withdrawn_on, withdrawn_by, withdrawn_reason
  FROM register_entry_history
)
SELECT v.entry_no, v.register, v.fiscal_year, v.unit_code, v.project_code, v.package_no, v.supplier_uscc, v.contract_no, v.field,
  v.value, v.reason, v.evidence, v.approver, v.valid_from, v.valid_to, v.recorded_by, v.withdrawn_on, v.withdrawn_by,
  v.withdrawn_reason, v.batch_id, b.committed_at AS recorded_at, v.to_batch, e.committed_at AS replaced_at,
  v.to_batch IS NULL AS is_current
FROM version v JOIN batch b ON b.batch_id = v.batch_id LEFT JOIN batch e ON e.batch_id = v.to_batch;
COMMENT ON VIEW v_register IS '登记簿（含历次版本） Every version of every register entry: who approved, recorded and withdrew it, and when that entered the ledger.';
COMMENT ON COLUMN v_register.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_register.entry_no IS 'number of the entry';
COMMENT ON COLUMN v_register.register IS 'exemption: not suitable for reserving (Q-8); deemed: counts as small or micro (Q-13); size: an authority''s answer (Q-14, Z-5); correction: the right value of a record''s field';
COMMENT ON COLUMN v_register.fiscal_year IS 'of an exempt project, or of a corrected budget row';
COMMENT ON COLUMN v_register.unit_code IS 'of the project';
COMMENT ON COLUMN v_register.project_code IS 'of the project';
COMMENT ON COLUMN v_register.package_no IS 'of the project; empty = all its packages';
COMMENT ON COLUMN v_register.supplier_uscc IS 'whom a deemed or size entry is about; empty = the supplier of one contract';
COMMENT ON COLUMN v_register.contract_no IS 'contract that the entry is limited to, or that is corrected';
COMMENT ON COLUMN v_register.field IS 'of a correction: column of the exchange profile';
COMMENT ON COLUMN v_register.value IS 'exemption: circumstance 1 to 5; deemed: disabled_welfare, prison; size: L M S X; correction: the right value';
COMMENT ON COLUMN v_register.reason IS 'in words';
COMMENT ON COLUMN v_register.evidence IS 'document that shows it';
COMMENT ON COLUMN v_register.approver IS 'who approved it';
COMMENT ON COLUMN v_register.valid_from IS 'first day';
COMMENT ON COLUMN v_register.valid_to IS 'last day, null = open';
COMMENT ON COLUMN v_register.recorded_by IS 'who put it on record';
COMMENT ON COLUMN v_register.withdrawn_on IS 'from this day on it has no effect';
COMMENT ON COLUMN v_register.withdrawn_by IS 'who withdrew it';
COMMENT ON COLUMN v_register.withdrawn_reason IS 'why it was withdrawn';
COMMENT ON COLUMN v_register.recorded_at IS 'when this version was committed';
COMMENT ON COLUMN v_register.to_batch IS 'batch that ended this version, null = it stands';
COMMENT ON COLUMN v_register.replaced_at IS 'when this version ended';
COMMENT ON COLUMN v_register.is_current IS 'this version stands';
