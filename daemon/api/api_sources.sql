-- Sources by name. $1 limit, $2 cursor: the name of the last row of the page before.
SELECT name, kind, watermark, to_char(last_success_at, 'YYYY-MM-DD"T"HH24:MI:SSOF'),
       to_char(last_failure_at, 'YYYY-MM-DD"T"HH24:MI:SSOF'), last_failure, name AS cursor
  FROM v_source
 WHERE $2::text IS NULL OR name COLLATE "C" > $2
 ORDER BY name COLLATE "C"
 LIMIT $1::integer
