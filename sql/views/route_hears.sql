-- route_hears(…): whether a route hears of a case by rule and unit; route_tells(…): whether severity and sum reach what it
-- asks for. Who was told of a case hears how it goes on, whatever its severity and sum are then.
DROP FUNCTION IF EXISTS route_hears(text[], text[], text, text, text);
CREATE FUNCTION route_hears(rules text[], units text[], rule_id text, unit_code text, department text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ('*' = ANY (rules) OR rule_id = ANY (rules))
    AND ('*' = ANY (units) OR unit_code = ANY (units) OR department = ANY (units))
$$;
COMMENT ON FUNCTION route_hears(text[], text[], text, text, text) IS 'rule and unit are among those of the route';
DROP FUNCTION IF EXISTS route_tells(text, bigint, text, bigint);
CREATE FUNCTION route_tells(least_severity text, least_fen bigint, severity text, amount_fen bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT severity_rank(severity) >= severity_rank(least_severity)
    AND (least_fen = 0 OR amount_fen IS NULL OR amount_fen >= least_fen)
$$;
COMMENT ON FUNCTION route_tells(text, bigint, text, bigint) IS 'severity and sum reach what the route asks for';
