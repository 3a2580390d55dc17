-- Values that units have to supply (待补信息), largest amounts first. Amounts in fen.
-- $1 unit or null, $2 month YYYY-MM or null, $3 limit, $4 cursor "amount_fen:kind/field/subject".
SELECT w.unit_code, w.month, w.kind, w.subject, w.field, w.amount_fen, w.currency,
       w.amount_fen || ':' || w.place AS cursor
  FROM (SELECT *, kind || '/' || field || '/' || subject AS place FROM v_wanted_data) w
 WHERE ($1::text IS NULL OR w.unit_code = $1)
   AND ($2::text IS NULL OR w.month = $2)
   AND ($4::text IS NULL
        OR w.amount_fen < split_part($4, ':', 1)::bigint
        OR (w.amount_fen = split_part($4, ':', 1)::bigint
            AND w.place COLLATE "C" > substr($4, strpos($4, ':') + 1)))
 ORDER BY w.amount_fen DESC, w.place COLLATE "C"
 LIMIT $3::integer
