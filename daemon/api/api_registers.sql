-- Entries of the registers, every version of them if asked, newest first; last column the cursor.
-- $1 register or null, $2 subject or null: number of an entry, code of a unit or supplier, number of a project or contract,
-- $3 whether versions that no longer stand are shown, $4 limit, $5 cursor or null
SELECT entry_no, register, fiscal_year, unit_code, project_code, package_no, supplier_uscc, contract_no, field, value, reason,
  evidence, approver, valid_from, valid_to, recorded_by, withdrawn_on, withdrawn_by, withdrawn_reason, batch_id,
  to_char(recorded_at, 'YYYY-MM-DD"T"HH24:MI:SSOF') AS recorded_at,
  to_char(replaced_at, 'YYYY-MM-DD"T"HH24:MI:SSOF') AS replaced_at, is_current, batch_id || '/' || entry_no AS cursor
FROM v_register
WHERE ($1::text IS NULL OR register = $1::text)
  AND ($2::text IS NULL OR $2::text IN (entry_no, unit_code, supplier_uscc, project_code, contract_no))
  AND (is_current OR $3::boolean)
  AND ($5::text IS NULL
    OR (batch_id, entry_no COLLATE "C") < (split_part($5::text, '/', 1)::bigint, substring($5::text from '/(.*)$') COLLATE "C"))
ORDER BY batch_id DESC, entry_no COLLATE "C" DESC
LIMIT $4::bigint
