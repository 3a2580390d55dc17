-- One row: a notice that names a project. $1 known batch
SELECT notice_id, unit_code, project_code, package_no, kind, published_on, end_reason, preference_ppm,
  part_preference_ppm
FROM notice_at($1::bigint)
WHERE project_code <> ''
ORDER BY notice_id COLLATE "C"
