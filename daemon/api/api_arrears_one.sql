-- One obligation as of the last evaluation with the facts its verdict rests on, and where it stands with people ("none":
-- nothing of it is overdue). $1 obligation number. Amounts in fen.
SELECT s.obligation_no, s.contract_no, s.unit_code, s.unit_name, s.supplier_uscc, s.supplier_name, s.coverage, s.status,
       s.due_on, s.outstanding_fen, s.overdue_fen, s.overdue_since, d.interest_fen, d.interest_alt_fen, coalesce(d.interest_beside_fen, 0) AS interest_beside_fen,
       coalesce(p.standing, 'none') AS standing, coalesce(p.reviewer, '') AS reviewer, coalesce(p.note, '') AS review_note,
       to_char(p.reviewed_at, 'YYYY-MM-DD"T"HH24:MI:SSOF') AS reviewed_at, s.evidence::text, r.as_of
  FROM v_obligation_state s
 CROSS JOIN (SELECT as_of FROM v_check_run ORDER BY run_id DESC LIMIT 1) r
 CROSS JOIN LATERAL (
   SELECT interest_fen, interest_alt_fen, interest_beside_fen FROM obligation_state_on(r.as_of) o WHERE o.obligation_no = s.obligation_no) d
  LEFT JOIN v_obligation_standing p ON p.obligation_no = s.obligation_no
 WHERE s.obligation_no = $1
