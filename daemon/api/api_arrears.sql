-- One row per obligation of the last evaluation, largest overdue sum first, then by number. Amounts in fen.
-- $1 status or null, $2 unit, $3 department, $4 coverage (each or null), $5 limit, $6 cursor "overdue_fen:obligation_no".
SELECT s.obligation_no, s.contract_no, s.unit_code, coalesce(u.name, ''), s.department, s.supplier_uscc,
       coalesce(p.name, ''), s.kind, s.debtor_kind, s.coverage, s.status, s.start_on, s.due_nominal_on, s.due_on,
       s.due_source, s.amount_fen, s.paid_fen, s.outstanding_fen, s.undisputed_fen, s.disputed_fen, s.overdue_fen,
       coalesce(s.as_of - s.overdue_since, 0) AS overdue_days, s.rate_basis, to_json(s.flags)::text, s.as_of,
       s.overdue_fen || ':' || s.obligation_no AS cursor
  FROM v_obligation_state s
  LEFT JOIN LATERAL (
    SELECT v.name FROM v_unit v
     WHERE v.unit_code = s.unit_code AND (v.valid_from IS NULL OR v.valid_from <= s.as_of)
     ORDER BY v.valid_from DESC NULLS LAST LIMIT 1) u ON true
  LEFT JOIN LATERAL (SELECT v.name FROM v_supplier v WHERE v.uscc = s.supplier_uscc LIMIT 1) p ON true
 WHERE ($1::text IS NULL OR s.status = $1)
   AND ($2::text IS NULL OR s.unit_code = $2)
   AND ($3::text IS NULL OR s.department = $3)
   AND ($4::text IS NULL OR s.coverage = $4)
   AND ($6::text IS NULL
        OR s.overdue_fen < split_part($6, ':', 1)::bigint
        OR (s.overdue_fen = split_part($6, ':', 1)::bigint
            AND s.obligation_no COLLATE "C" > substr($6, strpos($6, ':') + 1)))
 ORDER BY s.overdue_fen DESC, s.obligation_no COLLATE "C"
 LIMIT $5::integer
