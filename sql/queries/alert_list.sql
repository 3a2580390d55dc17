-- Messages of the outbox, newest first. $1 limit; then filters, each may be null: $2 channel, $3 state, $4 unit, $5 case,
-- $6 text inside reference, case, recipient, unit's name or last answer, $7 since and $8 until (days, Beijing time)
SELECT ref, to_char(created_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS'), rule_id, event, severity, unit_code,
  coalesce(payload #>> '{unit,name}', ''), case_key, channel, recipient, state, attempts, last_class, last_answer
FROM v_message
WHERE ($2::text IS NULL OR channel = $2::text) AND ($3::text IS NULL OR state = $3::text)
  AND ($4::text IS NULL OR unit_code = $4::text) AND ($5::text IS NULL OR case_key = $5::text)
  AND ($6::text IS NULL OR position(lower($6::text) IN lower(concat_ws(' ', ref, case_key, recipient,
    payload #>> '{unit,name}', last_answer))) > 0)
  AND ($7::date IS NULL OR created_at >= ($7::date)::timestamp AT TIME ZONE 'Asia/Shanghai')
  AND ($8::date IS NULL OR created_at < ($8::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
ORDER BY message_id DESC
LIMIT $1::bigint
