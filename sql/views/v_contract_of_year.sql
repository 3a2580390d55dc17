-- contract_of_year(known, fiscal_year): the contracts that the set-aside's figures of a year look at: signed in it (G-21).
-- Only CNY. Inlined by the planner.
DROP FUNCTION IF EXISTS contract_of_year(bigint, integer);
CREATE FUNCTION contract_of_year(known bigint, fiscal_year integer) RETURNS SETOF contract LANGUAGE sql STABLE AS $$
  SELECT * FROM contract_at(known)
  WHERE currency = 'CNY'
    AND signed_on BETWEEN make_date(contract_of_year.fiscal_year, 1, 1) AND make_date(contract_of_year.fiscal_year, 12, 31)
$$;
COMMENT ON FUNCTION contract_of_year(bigint, integer) IS 'contracts that the set-aside''s figures of a year look at';
