-- Refused rows that no later batch has mended, newest first (待更正数据).
-- $1 batch or null, $2 kind or null, $3 limit, $4 cursor: the id of the last row of the page before.
SELECT q.quarantine_id, q.batch_id, q.source, q.kind, q.file, q.place, q.field, q.value, q.code, q.reason,
       q.quarantine_id::text AS cursor
  FROM v_quarantine q
 WHERE q.resolved_batch IS NULL
   AND ($1::bigint IS NULL OR q.batch_id = $1::bigint)
   AND ($2::text IS NULL OR q.kind = $2)
   AND ($4::text IS NULL OR q.quarantine_id < $4::bigint)
 ORDER BY q.quarantine_id DESC
 LIMIT $3::integer
