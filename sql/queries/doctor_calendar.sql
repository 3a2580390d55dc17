-- The last year whose days off and make-up days are known.
SELECT max(extract(year FROM day))::bigint FROM calendar_day
