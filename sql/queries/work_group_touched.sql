-- The groups whose verdicts may differ since the last run. $1 the batch it knew, $2 the day it looked at, $3 as_of
INSERT INTO work_group (seq, unit_code, supplier_uscc)
SELECT row_number() OVER (ORDER BY unit_code COLLATE "C", supplier_uscc COLLATE "C") - 1, unit_code, supplier_uscc
FROM touched_group($1::bigint, $2::date, $3::date)
