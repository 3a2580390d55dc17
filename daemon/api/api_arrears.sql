-- One row per obligation as of the last evaluation: overdue ones first, the largest sum first, then by number; then all
-- others by number. Amounts in fen, days in calendar days. States are written only when they change, so the days are
-- counted to the last evaluation's date. What a person found out, who and when stands beside each. Each part follows an index of its own, so a page costs the same in a large ledger.
-- $1 status or null, $2 unit, $3 department, $4 coverage (each or null), $5 limit, $6 cursor "overdue_fen:obligation_no".
WITH page AS (
  (SELECT s.*
     FROM v_obligation_state s
    WHERE s.overdue_fen > 0 AND $1::text IS DISTINCT FROM 'paid' AND $1::text IS DISTINCT FROM 'paid-late'
      AND ($1::text IS NULL OR s.status = $1)
      AND ($2::text IS NULL OR s.unit_code = $2)
      AND ($3::text IS NULL OR s.department = $3)
      AND ($4::text IS NULL OR s.coverage = $4)
      AND s.overdue_fen <= coalesce(split_part($6::text, ':', 1)::bigint, 9223372036854775807)
      AND ($6::text IS NULL OR s.overdue_fen < split_part($6, ':', 1)::bigint
           OR s.obligation_no COLLATE "C" > substr($6, strpos($6, ':') + 1))
    ORDER BY s.overdue_fen DESC, s.obligation_no COLLATE "C"
    LIMIT $5::integer)
  UNION ALL
  (SELECT s.*
     FROM v_obligation_state s
    WHERE s.overdue_fen <= 0 AND $1::text IS DISTINCT FROM 'overdue'
      AND ($1::text IS NULL OR s.status = $1)
      AND ($2::text IS NULL OR s.unit_code = $2)
      AND ($3::text IS NULL OR s.department = $3)
      AND ($4::text IS NULL OR s.coverage = $4)
      AND s.obligation_no > CASE WHEN split_part($6::text, ':', 1) = '0' THEN substr($6::text, strpos($6::text, ':') + 1) ELSE '' END
    ORDER BY s.obligation_no
    LIMIT $5::integer)
), chosen AS MATERIALIZED (
  SELECT * FROM page s
  ORDER BY s.overdue_fen DESC, CASE WHEN s.overdue_fen > 0 THEN s.obligation_no END COLLATE "C", s.obligation_no
  LIMIT $5::integer
)
SELECT s.obligation_no, s.contract_no, s.unit_code, s.unit_name, s.department, s.supplier_uscc, s.supplier_name, s.kind,
       s.debtor_kind, s.coverage, s.status, s.start_on, s.due_nominal_on, s.due_on, s.due_source, s.amount_fen, s.paid_fen,
       s.outstanding_fen, s.undisputed_fen, s.disputed_fen, s.overdue_fen, coalesce(r.as_of - s.overdue_since, 0),
       s.rate_basis, to_json(s.flags)::text, coalesce(p.standing, 'none'), coalesce(p.reviewer, ''),
       to_char(p.reviewed_at, 'YYYY-MM-DD"T"HH24:MI:SSOF'), r.as_of, s.overdue_fen || ':' || s.obligation_no AS cursor
  FROM chosen s
 CROSS JOIN (SELECT as_of FROM v_check_run ORDER BY run_id DESC LIMIT 1) r
  LEFT JOIN LATERAL (
   SELECT v.standing, v.reviewer, v.reviewed_at FROM v_obligation_standing v WHERE v.obligation_no = s.obligation_no OFFSET 0) p ON true
 ORDER BY s.overdue_fen DESC, CASE WHEN s.overdue_fen > 0 THEN s.obligation_no END COLLATE "C", s.obligation_no
