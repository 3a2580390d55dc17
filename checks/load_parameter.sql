-- One row: a period of a rule parameter, inherited from the parents where the jurisdiction says nothing.
-- $1 known batch, $2 jurisdiction
SELECT rule_id, name, valid_from, valid_to, value, citation, jurisdiction
FROM rule_parameter_for($1::bigint, $2::text)
ORDER BY rule_id COLLATE "C", name COLLATE "C", valid_from
