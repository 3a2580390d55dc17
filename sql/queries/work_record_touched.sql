-- The procurements whose findings may differ since the last look, and the records of these that are gone or have moved since.
-- $1 the batch that it knew, $2 its day, $3 as_of, $4 fiscal year, $5 days on which a term began that ended since (date array)
WITH touched AS MATERIALIZED (
  SELECT * FROM touched_record($1::bigint, $2::date, $3::date, $4::integer, $5::date[])
), judged AS (
  INSERT INTO judged_subject (subject, subject_kind)
  SELECT t.contract_no, k.kind FROM touched t CROSS JOIN (VALUES ('contract'), ('amendment')) AS k (kind)
  WHERE t.contract_no <> ''
  UNION SELECT t.item, 'budget_item' FROM touched t WHERE t.item <> ''
)
INSERT INTO work_record (seq, project_code, contract_no, unit_code)
SELECT row_number() OVER (ORDER BY project_code COLLATE "C", contract_no COLLATE "C", unit_code COLLATE "C") - 1,
  project_code, contract_no, unit_code
FROM (
  SELECT DISTINCT project_code, CASE WHEN project_code = '' THEN contract_no ELSE '' END AS contract_no,
    CASE WHEN project_code = '' THEN unit_code ELSE '' END AS unit_code
  FROM touched
) p
