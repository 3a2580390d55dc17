-- contract_of_year(known, fiscal_year): numbers and suppliers of the contracts that the figures of a year look at: signed in
-- it, or made for a project of its budget. Only CNY.
DROP FUNCTION IF EXISTS contract_of_year(bigint, integer);
CREATE FUNCTION contract_of_year(known bigint, fiscal_year integer) RETURNS TABLE (contract_no text, supplier_uscc text)
LANGUAGE sql STABLE AS $$
  SELECT c.contract_no, c.supplier_uscc
  FROM contract_at(known) c
  WHERE c.currency = 'CNY'
    AND c.signed_on BETWEEN make_date(contract_of_year.fiscal_year, 1, 1) AND make_date(contract_of_year.fiscal_year, 12, 31)
  UNION
  SELECT c.contract_no, c.supplier_uscc
  FROM contract_at(known) c
  WHERE c.currency = 'CNY' AND c.project_code <> '' AND c.project_code IN (
    SELECT b.project_code FROM budget_item_at(known) b WHERE b.fiscal_year = contract_of_year.fiscal_year)
$$;
COMMENT ON FUNCTION contract_of_year(bigint, integer) IS 'contracts that the quota figures of a year look at';
