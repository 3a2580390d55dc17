-- What a step can be proposed for: every debt that a person verified, with the days since its oldest due day.
-- $1 as_of
SELECT obligation_no, $1::date - overdue_since AS overdue_days
FROM v_obligation_standing
WHERE standing = 'verified' AND obligation_no IN (SELECT obligation_no FROM obligation_review WHERE verdict = 'verified')
ORDER BY obligation_no COLLATE "C"
