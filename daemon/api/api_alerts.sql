-- Messages, newest first. $1 limit, $2 cursor: the id of the last row of the page before.
SELECT message_id, ref, event, rule_id, severity, unit_code, channel, recipient, state, attempts,
       to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SSOF'), last_class, last_answer, message_id::text AS cursor
  FROM v_message
 WHERE $2::text IS NULL OR message_id < $2::bigint
 ORDER BY message_id DESC
 LIMIT $1::integer
