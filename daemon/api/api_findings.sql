-- One row per finding, newest first. Amounts in fen.
-- $1 state, $2 rule, $3 unit, $4 severity, $5 first and $6 last day of its last change, $7 beginning of the reference of a
-- message that told of it (each or null), $8 limit, $9 cursor: the finding id of the last row of the page before.
SELECT finding_id, rule_id, code, subject_kind, subject, unit_code, department, severity, state, episode, opened_on, changed_on,
       closed_on, amount_fen, currency, finding_id::text AS cursor
  FROM v_finding f
 WHERE ($1::text IS NULL OR state = $1)
   AND ($2::text IS NULL OR rule_id = $2)
   AND ($3::text IS NULL OR unit_code = $3)
   AND ($4::text IS NULL OR severity = $4)
   AND ($5::date IS NULL OR changed_on >= $5::date)
   AND ($6::date IS NULL OR changed_on <= $6::date)
   AND ($7::text IS NULL OR finding_id IN (
     SELECT l.finding_id FROM v_message_finding l JOIN v_message m USING (message_id) WHERE starts_with(m.ref, $7)))
   AND ($9::text IS NULL OR finding_id < $9::bigint)
 ORDER BY finding_id DESC
 LIMIT $8::integer
