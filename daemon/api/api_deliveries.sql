-- Every try of every message, newest first.
-- $1 class, $2 channel, $3 recipient, $4 unit, $5 rule, $6 first and $7 last day they began on, $8 beginning of the reference
-- (each or null), $9 limit, $10 cursor: the number of the last row of the page before.
SELECT d.delivery_no, m.ref, d.attempt, d.channel, d.recipient, to_char(d.started_at, 'YYYY-MM-DD"T"HH24:MI:SS.MSOF'),
       to_char(d.finished_at, 'YYYY-MM-DD"T"HH24:MI:SS.MSOF'), d.bytes, d.class, d.answer, d.delivery_no::text AS cursor
  FROM v_delivery d JOIN v_message m USING (message_id)
 WHERE ($1::text IS NULL OR d.class = $1)
   AND ($2::text IS NULL OR d.channel = $2)
   AND ($3::text IS NULL OR d.recipient = $3)
   AND ($4::text IS NULL OR m.unit_code = $4)
   AND ($5::text IS NULL OR m.rule_id = $5)
   AND ($6::date IS NULL OR d.started_at >= $6::date)
   AND ($7::date IS NULL OR d.started_at < $7::date + 1)
   AND ($8::text IS NULL OR starts_with(m.ref, $8))
   AND ($10::text IS NULL OR d.delivery_no < $10::bigint)
 ORDER BY d.delivery_no DESC
 LIMIT $9::integer
