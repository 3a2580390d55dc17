-- contract_of_records(known, fiscal_year): the contracts whose records are looked at, with what says which procurement they
-- belong to: signed since the beginning of the year before, or without a day; older ones, from the horizon of P-2 on, when
-- their terms may breach the regulation (checks/clause.h decides: the debts under them may still be open). Only CNY.
DROP FUNCTION IF EXISTS contract_of_records(bigint, integer);
CREATE FUNCTION contract_of_records(known bigint, fiscal_year integer)
RETURNS TABLE (contract_no text, project_code text, unit_code text, supplier_uscc text)
LANGUAGE sql STABLE AS $$
  SELECT c.contract_no, c.project_code, c.unit_code, c.supplier_uscc
  FROM contract_at(known) c
  WHERE c.currency = 'CNY'
    AND (c.signed_on IS NULL OR c.signed_on >= make_date(contract_of_records.fiscal_year - 1, 1, 1)
      OR c.signed_on >= (SELECT min(p.value)::date FROM rule_parameter p
          WHERE p.rule_id = 'P-2' AND p.name = 'clause_from' AND p.to_batch IS NULL)
        AND contract_may_breach(c, (SELECT max(l.one_year_ppm) FROM lpr l)))
$$;
COMMENT ON FUNCTION contract_of_records(bigint, integer) IS 'contracts whose records the findings of records look at';
