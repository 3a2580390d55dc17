-- All procurements of two budget years. $1 known batch, $2 fiscal year
INSERT INTO work_record (seq, project_code, contract_no, unit_code)
SELECT row_number() OVER (ORDER BY project_code COLLATE "C", contract_no COLLATE "C", unit_code COLLATE "C") - 1,
  project_code, contract_no, unit_code
FROM (
  SELECT project_code, CASE WHEN project_code = '' THEN contract_no ELSE '' END AS contract_no, '' AS unit_code
  FROM contract_of_records($1::bigint, $2::integer)
  UNION SELECT project_code, '', CASE WHEN project_code = '' THEN unit_code ELSE '' END
  FROM budget_item_at($1::bigint)
  WHERE currency = 'CNY' AND fiscal_year IN ($2::integer - 1, $2::integer)
) p
