-- One row per finding, newest first. Amounts in fen.
-- $1 state, $2 rule, $3 unit (each or null), $4 limit, $5 cursor: the finding id of the last row of the page before.
SELECT finding_id, rule_id, code, subject_kind, subject, unit_code, department, severity, state, episode, opened_on, changed_on,
       closed_on, amount_fen, currency, finding_id::text AS cursor
  FROM v_finding
 WHERE ($1::text IS NULL OR state = $1)
   AND ($2::text IS NULL OR rule_id = $2)
   AND ($3::text IS NULL OR unit_code = $3)
   AND ($5::text IS NULL OR finding_id < $5::bigint)
 ORDER BY finding_id DESC
 LIMIT $4::integer
