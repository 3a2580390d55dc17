-- What was told last of every scope of some years, and the findings on its gaps, open or closed (null: there was none).
-- $1 first year, $2 last year
WITH gap AS (
  SELECT split_part(subject, '/', 3)::integer AS fiscal_year, split_part(subject, '/', 2) AS scope,
    max(finding_id) FILTER (WHERE code = 'quota-shortfall-sme') AS sme_finding,
    max(finding_id) FILTER (WHERE code = 'quota-shortfall-small-micro') AS small_micro_finding
  FROM finding
  WHERE code IN ('quota-shortfall-sme', 'quota-shortfall-small-micro') AND subject_kind = 'quota'
  GROUP BY 1, 2
)
SELECT fiscal_year, scope, t.told_on, coalesce(t.open, false), coalesce(t.grade, ''), coalesce(t.sme_gap_fen, 0),
  coalesce(t.small_micro_gap_fen, 0), g.sme_finding, g.small_micro_finding
FROM quota_told t FULL JOIN gap g USING (fiscal_year, scope)
WHERE fiscal_year BETWEEN $1::integer AND $2::integer
