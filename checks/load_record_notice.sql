-- For the findings of records. One row: a notice that names a project, published since the beginning of the year before. $1 known batch, $2 fiscal year
SELECT notice_id, unit_code, project_code, package_no, kind, published_on, end_reason, preference_ppm,
  part_preference_ppm
FROM notice_at($1::bigint)
WHERE project_code <> '' AND published_on >= make_date($2::integer - 1, 1, 1)
ORDER BY notice_id COLLATE "C"
