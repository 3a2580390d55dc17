-- Refused rows per source and day, newest day first. $1 source or null, $2 limit, $3 cursor "day:source".
SELECT d.source, to_char(d.day, 'YYYY-MM-DD') AS day, d.came, d.settled, d.open,
       to_char(d.day, 'YYYY-MM-DD') || ':' || d.source AS cursor
  FROM v_quarantine_day d
 WHERE ($1::text IS NULL OR d.source = $1)
   AND ($3::text IS NULL OR d.day < split_part($3, ':', 1)::date
        OR (d.day = split_part($3, ':', 1)::date AND d.source COLLATE "C" > substr($3, 12)))
 ORDER BY d.day DESC, d.source COLLATE "C"
 LIMIT $2::integer
