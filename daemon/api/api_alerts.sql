-- Messages, newest first.
-- $1 state, $2 channel, $3 recipient, $4 unit, $5 rule, $6 severity, $7 event, $8 first and $9 last day they were written on,
-- $10 beginning of the reference (each or null), $11 limit, $12 cursor: the id of the last row of the page before.
SELECT message_id, ref, event, rule_id, severity, unit_code, channel, recipient, state, attempts,
       to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SSOF'), last_class, last_answer, message_id::text AS cursor
  FROM v_message
 WHERE ($1::text IS NULL OR state = $1)
   AND ($2::text IS NULL OR channel = $2)
   AND ($3::text IS NULL OR recipient = $3)
   AND ($4::text IS NULL OR unit_code = $4)
   AND ($5::text IS NULL OR rule_id = $5)
   AND ($6::text IS NULL OR severity = $6)
   AND ($7::text IS NULL OR event = $7)
   AND ($8::date IS NULL OR created_at >= $8::date)
   AND ($9::date IS NULL OR created_at < $9::date + 1)
   AND ($10::text IS NULL OR starts_with(ref, $10))
   AND ($12::text IS NULL OR message_id < $12::bigint)
 ORDER BY message_id DESC
 LIMIT $11::integer
