-- The ledger of deliveries, newest first: every try. $1 limit; then filters, each may be null: $2 channel, $3 class,
-- $4 unit, $5 case, $6 text inside reference, recipient or answer, $7 since and $8 until (days, Beijing time)
SELECT d.delivery_no, to_char(d.started_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS.MS'),
  (extract(epoch FROM d.finished_at - d.started_at) * 1000)::bigint, m.ref, m.case_key, m.unit_code, d.channel,
  d.recipient, d.attempt, d.bytes, d.class, d.answer
FROM v_delivery d JOIN v_message m USING (message_id)
WHERE ($2::text IS NULL OR d.channel = $2::text) AND ($3::text IS NULL OR d.class = $3::text)
  AND ($4::text IS NULL OR m.unit_code = $4::text) AND ($5::text IS NULL OR m.case_key = $5::text)
  AND ($6::text IS NULL OR position(lower($6::text) IN lower(concat_ws(' ', m.ref, d.recipient, d.answer))) > 0)
  AND ($7::date IS NULL OR d.started_at >= ($7::date)::timestamp AT TIME ZONE 'Asia/Shanghai')
  AND ($8::date IS NULL OR d.started_at < ($8::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
ORDER BY d.delivery_no DESC
LIMIT $1::bigint
