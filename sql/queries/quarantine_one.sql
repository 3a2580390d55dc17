-- One refused row, for its correction ($1 = number).
SELECT source, kind, header::text, row_text, resolved_batch IS NULL AS open
FROM v_quarantine WHERE quarantine_id = $1::bigint
