-- For the figures of one year. One row: a notice about a project of its budget, published in the year or since the approval
-- of the project's budget in the year before; one that states no unit comes for each of them. Of it only matters whether the
-- project can still be reserved. $1 known batch, $2 fiscal year, $3 units (text array), null = all
SELECT n.notice_id, b.unit_code, n.project_code, n.package_no, n.kind, n.published_on, '' AS end_reason,
  NULL::bigint AS preference_ppm, NULL::bigint AS part_preference_ppm
FROM (
    SELECT unit_code, project_code, least(min(approved_on), make_date($2::integer, 1, 1)) AS first
    FROM budget_item_at($1::bigint)
    WHERE currency = 'CNY' AND fiscal_year = $2::integer AND project_code <> ''
      AND ($3::text[] IS NULL OR unit_code = ANY ($3::text[]))
    GROUP BY unit_code, project_code
  ) b JOIN notice_at($1::bigint) n ON n.project_code = b.project_code AND n.published_on >= b.first
WHERE (n.unit_code = '' OR n.unit_code = b.unit_code)
  AND n.published_on BETWEEN make_date($2::integer - 1, 1, 1) AND make_date($2::integer, 12, 31)
