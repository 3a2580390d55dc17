-- Units, a row per period of validity, by code. $1 limit, $2 cursor "valid_from:unit_code".
SELECT unit_code, uscc, name, parent_code, kind, valid_from, valid_to,
       coalesce(valid_from::text, '-') || ':' || unit_code AS cursor
  FROM v_unit
 WHERE $2::text IS NULL
    OR (unit_code COLLATE "C", coalesce(valid_from::text, '-') COLLATE "C")
       > (substr($2, strpos($2, ':') + 1), split_part($2, ':', 1))
 ORDER BY unit_code COLLATE "C", coalesce(valid_from::text, '-') COLLATE "C"
 LIMIT $1::integer
