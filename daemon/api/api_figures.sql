-- One row per scope of one fiscal year: the district first, then the departments by code. body is the stored JSON.
-- Rows are written only when they change, so the date is the last evaluation's.
-- $1 fiscal year, null = the year of the last evaluation.
SELECT f.fiscal_year, r.as_of, r.run_id, f.scope, f.name, f.body::text
  FROM v_quota_figure f
 CROSS JOIN (SELECT as_of, run_id FROM v_check_run ORDER BY run_id DESC LIMIT 1) r
 WHERE f.currency = 'CNY'
   AND f.fiscal_year = coalesce($1::integer, extract(year FROM r.as_of)::integer)
 ORDER BY f.scope <> 'district', f.scope COLLATE "C"
