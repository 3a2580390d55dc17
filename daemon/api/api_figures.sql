-- One row per scope of one fiscal year: the district first, then the departments by code. body is the stored JSON.
-- $1 fiscal year, null = the year of the last evaluation.
SELECT fiscal_year, as_of, run_id, scope, name, body::text
  FROM v_quota_figure
 WHERE currency = 'CNY'
   AND fiscal_year = coalesce($1::integer, (SELECT extract(year FROM max(as_of))::integer FROM v_quota_figure))
 ORDER BY scope <> 'district', scope COLLATE "C"
