-- What units add to the figures of a year, as kept by the run that judged them last. $1 fiscal year, $2 the units that are
-- judged now (text array): they are left out
SELECT unit_code, department, numbers::text, questions::text
FROM quota_part
WHERE fiscal_year = $1::integer AND unit_code <> ALL ($2::text[])
