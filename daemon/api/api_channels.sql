-- Channels by name. $1 limit, $2 cursor: the name of the last row of the page before.
SELECT name, kind, enabled, disabled_reason, to_char(broken_since, 'YYYY-MM-DD"T"HH24:MI:SSOF'), failures, name AS cursor
  FROM v_channel
 WHERE $2::text IS NULL OR name COLLATE "C" > $2
 ORDER BY name COLLATE "C"
 LIMIT $1::integer
