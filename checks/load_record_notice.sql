-- For the findings of records. One row: a notice of a project, published since the beginning of the year before, or the first
-- contract notice of a unit since then, of whatever project: from it on the unit publishes its contracts.
-- OFFSET keeps it a look into an index for each of them.
-- $1 known batch, $2 number of the first procurement, $3 of the one after the last, $4 fiscal year
SELECT DISTINCT ON (notice_id COLLATE "C") notice_id, unit_code, project_code, package_no, kind, published_on, end_reason,
  preference_ppm, part_preference_ppm
FROM (
  SELECT n.notice_id, n.unit_code, n.project_code, n.package_no, n.kind, n.published_on, n.end_reason,
    n.preference_ppm, n.part_preference_ppm
  FROM work_record w CROSS JOIN LATERAL (
      SELECT * FROM notice_at($1::bigint) n WHERE n.project_code = w.project_code OFFSET 0) n
  WHERE w.seq >= $2::integer AND w.seq < $3::integer AND w.project_code <> ''
    AND n.published_on >= make_date($4::integer - 1, 1, 1)
  UNION ALL
  SELECT n.*
  FROM (SELECT DISTINCT unit_code FROM work_record_contract WHERE seq >= $2::integer AND seq < $3::integer) w
    CROSS JOIN LATERAL (
      SELECT n.notice_id, n.unit_code, n.project_code, n.package_no, n.kind, n.published_on, n.end_reason,
        n.preference_ppm, n.part_preference_ppm
      FROM notice_at($1::bigint) n
      WHERE n.unit_code = w.unit_code AND n.kind IN ('合同公告', 'contract') AND n.project_code <> ''
        AND n.published_on >= make_date($4::integer - 1, 1, 1)
      ORDER BY n.published_on LIMIT 1
    ) n
) n
ORDER BY notice_id COLLATE "C"
