-- Refused rows, newest first (待更正数据); state "open" (no later batch has mended them and nobody settled them), "settled"
-- or "all". $1 batch, $2 kind, $3 source, $4 field, $5 code, $6 state, $7 refused on this day or later, $8 limit, $9 cursor:
-- the id of the last row of the page before; null = any.
SELECT q.quarantine_id, q.batch_id, q.source, q.kind, q.file, q.place, q.field, q.value, q.code, q.reason, q.row_text,
       to_char(q.refused_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS refused_on, q.resolved_batch,
       q.settled_how, q.settled_by, q.settled_because,
       q.quarantine_id::text AS cursor
  FROM v_quarantine q
 WHERE ($1::bigint IS NULL OR q.batch_id = $1::bigint)
   AND ($2::text IS NULL OR q.kind = $2)
   AND ($3::text IS NULL OR q.source = $3)
   AND ($4::text IS NULL OR q.field = $4)
   AND ($5::text IS NULL OR q.code = $5)
   AND (q.resolved_batch IS NULL OR $6::text <> 'open')
   AND (q.resolved_batch IS NOT NULL OR $6::text <> 'settled')
   AND ($7::date IS NULL OR q.refused_at >= $7::date::timestamp AT TIME ZONE 'Asia/Shanghai')
   AND ($9::text IS NULL OR q.quarantine_id < $9::bigint)
 ORDER BY q.quarantine_id DESC
 LIMIT $8::integer
