-- contract_may_breach(c, highest_lpr): whether a contract's terms are such that checks/clause.h could find a clause against
-- the regulation in them; it decides. One too many costs its looking at only. highest_lpr: of all one-year rates, ppm; a
-- parameter, because the planner puts no function with a query of its own in its caller's place.
DROP FUNCTION IF EXISTS contract_may_breach(contract, bigint);
CREATE FUNCTION contract_may_breach(c contract, highest_lpr bigint) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT c.agreed_term > 60 OR c.agreed_term > 30 AND c.term_unit = 'workday'
    OR c.clock_basis = 'acceptance' AND c.inspection_days IS NULL
    OR c.late_rate_ppm < highest_lpr OR c.payment_clause <> ''
$$;
COMMENT ON FUNCTION contract_may_breach(contract, bigint) IS 'whether the terms are looked at for clauses against the regulation';
