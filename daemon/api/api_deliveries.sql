-- Every try of every message, newest first. $1 limit, $2 cursor: the number of the last row of the page before.
SELECT d.delivery_no, m.ref, d.attempt, d.channel, d.recipient, to_char(d.started_at, 'YYYY-MM-DD"T"HH24:MI:SS.MSOF'),
       to_char(d.finished_at, 'YYYY-MM-DD"T"HH24:MI:SS.MSOF'), d.bytes, d.class, d.answer, d.delivery_no::text AS cursor
  FROM v_delivery d JOIN v_message m USING (message_id)
 WHERE $2::text IS NULL OR d.delivery_no < $2::bigint
 ORDER BY d.delivery_no DESC
 LIMIT $1::integer
