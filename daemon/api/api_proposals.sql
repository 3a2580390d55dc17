-- Next steps on verified overdue debts, newest first. Amounts in fen.
-- $1 state, $2 unit, $3 number (each or null), $4 limit, $5 cursor: the number of the last row of the page before.
SELECT p.proposal_id, p.step, p.unit_code, p.unit_name, p.department, p.state, p.proposed_on, p.obligations, p.overdue_fen,
       p.overdue_since, p.decided_by, to_char(p.decided_at, 'YYYY-MM-DD"T"HH24:MI:SSOF'), p.reason, p.told, p.rows::text,
       p.proposal_id::text AS cursor
  FROM v_proposal p
 WHERE ($1::text IS NULL OR p.state = $1)
   AND ($2::text IS NULL OR p.unit_code = $2)
   AND ($3::bigint IS NULL OR p.proposal_id = $3::bigint)
   AND ($5::text IS NULL OR p.proposal_id < $5::bigint)
 ORDER BY p.proposal_id DESC
 LIMIT $4::integer
