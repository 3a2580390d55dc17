-- budget_item_subject(fiscal_year, unit_code, project_code, package_no): what the findings about a budget row call it.
DROP FUNCTION IF EXISTS budget_item_subject(integer, text, text, text);
CREATE FUNCTION budget_item_subject(fiscal_year integer, unit_code text, project_code text, package_no text)
RETURNS text LANGUAGE sql STABLE AS $$ SELECT concat_ws('/', fiscal_year, unit_code, project_code, package_no) $$;
COMMENT ON FUNCTION budget_item_subject(integer, text, text, text) IS 'subject of findings about a budget row';
