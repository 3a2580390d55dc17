-- Keeps what units add to the figures of a year, where it differs. $1 fiscal year, $2 the units that were judged (text array),
-- null = all: then nothing else is kept, $3 JSON array of objects {unit_code, department, numbers, questions}
WITH seen AS (
  SELECT r.unit_code, r.department, ARRAY(SELECT n::bigint FROM jsonb_array_elements_text(r.numbers) WITH ORDINALITY AS e (n, i)
    ORDER BY i) AS numbers, r.questions
  FROM jsonb_to_recordset($3::jsonb) AS r (unit_code text, department text, numbers jsonb, questions jsonb)
), gone AS (
  DELETE FROM quota_part p
  WHERE ($2::text[] IS NULL OR (p.fiscal_year = $1::integer AND p.unit_code = ANY ($2::text[])))
    AND NOT EXISTS (SELECT FROM seen s
      WHERE p.fiscal_year = $1::integer AND s.unit_code = p.unit_code AND s.department = p.department)
)
INSERT INTO quota_part AS p (fiscal_year, unit_code, department, numbers, questions)
SELECT $1::integer, unit_code, department, numbers, questions FROM seen
ON CONFLICT (fiscal_year, unit_code, department) DO UPDATE SET numbers = excluded.numbers, questions = excluded.questions
WHERE (p.numbers, p.questions) IS DISTINCT FROM (excluded.numbers, excluded.questions)
