-- Sources by name, with what may be wrong with them. $1 limit, $2 cursor: the name of the last row of the page before.
SELECT s.name, s.kind, s.watermark, to_char(s.last_success_at, 'YYYY-MM-DD"T"HH24:MI:SSOF'),
       to_char(s.last_failure_at, 'YYYY-MM-DD"T"HH24:MI:SSOF'), s.last_failure, h.failing, h.late, h.empty, h.shrunk,
       s.name AS cursor
  FROM v_source s JOIN v_source_health h ON h.source = s.name
 WHERE $2::text IS NULL OR s.name COLLATE "C" > $2
 ORDER BY s.name COLLATE "C"
 LIMIT $1::integer
