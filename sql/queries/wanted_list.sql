-- Values that units have to supply: unit by unit and month by month, largest amounts first. $1 unit, $2 month YYYY-MM,
-- null = any; $3 limit.
SELECT w.unit_code, coalesce(u.name, '') AS unit_name, w.month, w.kind, w.subject, w.field, w.amount_fen, w.currency
FROM v_wanted_data w LEFT JOIN LATERAL (
  SELECT name FROM v_unit u WHERE u.unit_code = w.unit_code AND w.unit_code <> '' ORDER BY u.valid_from DESC NULLS LAST LIMIT 1) u ON true
WHERE ($1::text IS NULL OR w.unit_code = $1) AND ($2::text IS NULL OR w.month = $2)
ORDER BY w.unit_code COLLATE "C", w.month NULLS LAST, w.amount_fen DESC, w.kind, w.subject COLLATE "C", w.field
LIMIT $3::integer
