-- Findings as a person lists them: by state, rule and unit (each NULL = all), newest change first.
-- $1 state, $2 rule, $3 unit or department, $4 how many
SELECT finding_id, rule_id, code, coalesce(evidence ->> 'words', code) AS words,
  coalesce(evidence ->> 'citation', '') AS citation, unit_code, subject_kind, subject, state, severity,
  opened_on, coalesce(closed_on::text, '') AS closed_on, amount_fen
FROM v_finding
WHERE ($1::text IS NULL OR state = $1::text)
  AND ($2::text IS NULL OR rule_id = $2::text)
  AND ($3::text IS NULL OR unit_code = $3::text OR department = $3::text)
ORDER BY changed_on DESC, finding_id DESC
LIMIT $4::bigint
