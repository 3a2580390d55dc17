-- One obligation of the last evaluation with the facts its verdict rests on. $1 obligation number. Amounts in fen.
SELECT s.obligation_no, s.contract_no, s.unit_code, coalesce(u.name, ''), s.supplier_uscc, coalesce(p.name, ''), s.coverage,
       s.status, s.due_on, s.outstanding_fen, s.overdue_fen, s.interest_fen, s.interest_alt_fen, s.evidence::text, s.as_of
  FROM v_obligation_state s
  LEFT JOIN LATERAL (
    SELECT v.name FROM v_unit v
     WHERE v.unit_code = s.unit_code AND (v.valid_from IS NULL OR v.valid_from <= s.as_of)
     ORDER BY v.valid_from DESC NULLS LAST LIMIT 1) u ON true
  LEFT JOIN LATERAL (SELECT v.name FROM v_supplier v WHERE v.uscc = s.supplier_uscc LIMIT 1) p ON true
 WHERE s.obligation_no = $1
