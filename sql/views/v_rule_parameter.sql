-- rule_parameter_at(known): the reference data in force when batch `known` was committed. v_rule_parameter: the current rows.
DROP FUNCTION IF EXISTS rule_parameter_at(bigint);
CREATE FUNCTION rule_parameter_at(known bigint) RETURNS SETOF rule_parameter LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jurisdiction, rule_id, name, valid_from, valid_to, value, unit, citation, from_batch, to_batch
  FROM rule_parameter WHERE from_batch <= known AND (to_batch IS NULL OR to_batch > known)
$$;
COMMENT ON FUNCTION rule_parameter_at(bigint) IS 'rows in force when the batch of that number was the last one';

DROP VIEW IF EXISTS v_rule_parameter;
CREATE VIEW v_rule_parameter WITH (security_invoker = true) AS
SELECT jurisdiction, rule_id, name, valid_from, valid_to, value, unit, citation, from_batch
FROM rule_parameter WHERE to_batch IS NULL;
COMMENT ON VIEW v_rule_parameter IS '规则参数 Dated parameters of the rules.';
COMMENT ON COLUMN v_rule_parameter.jurisdiction IS 'code of the jurisdiction';
COMMENT ON COLUMN v_rule_parameter.rule_id IS 'rule';
COMMENT ON COLUMN v_rule_parameter.name IS 'name of the parameter';
COMMENT ON COLUMN v_rule_parameter.valid_from IS 'first day in force';
COMMENT ON COLUMN v_rule_parameter.valid_to IS 'last day in force, null = open';
COMMENT ON COLUMN v_rule_parameter.value IS 'value as text, in unit';
COMMENT ON COLUMN v_rule_parameter.unit IS 'ppm, fen, days, date or flag';
COMMENT ON COLUMN v_rule_parameter.citation IS 'where it stands';
COMMENT ON COLUMN v_rule_parameter.from_batch IS 'batch that brought the row, 0 = shipped';
