-- One row: a day that is a holiday or a make-up working day. $1 known batch
SELECT day, kind, name FROM calendar_day_at($1::bigint) ORDER BY day
