-- contract_of_records(known, fiscal_year): the contracts whose records are looked at, with what says which procurement they
-- belong to: signed since the beginning of the year before, or without a day. Only CNY.
DROP FUNCTION IF EXISTS contract_of_records(bigint, integer);
CREATE FUNCTION contract_of_records(known bigint, fiscal_year integer)
RETURNS TABLE (contract_no text, project_code text, unit_code text, supplier_uscc text)
LANGUAGE sql STABLE AS $$
  SELECT c.contract_no, c.project_code, c.unit_code, c.supplier_uscc
  FROM contract_at(known) c
  WHERE c.currency = 'CNY'
    AND (c.signed_on IS NULL OR c.signed_on >= make_date(contract_of_records.fiscal_year - 1, 1, 1))
$$;
COMMENT ON FUNCTION contract_of_records(bigint, integer) IS 'contracts whose records the findings of records look at';
