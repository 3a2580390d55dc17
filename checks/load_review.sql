-- One row: the latest review of a debt that was not withdrawn, as reviews are now. Amounts in fen. $1 known batch, which
-- only keeps the steps alike
SELECT obligation_no, verdict, reviewer, reviewed_on, overdue_since, overdue_fen
FROM v_obligation_review
WHERE latest AND verdict <> 'withdrawn' AND $1::bigint IS NOT NULL
