-- rule_parameter_for(known, place): the parameters of one jurisdiction as known at a batch. Each (rule, name) comes whole
-- from the nearest jurisdiction on the way up that states it, so a district's own periods never mix with its parent's.
DROP FUNCTION IF EXISTS rule_parameter_for(bigint, text);
CREATE FUNCTION rule_parameter_for(known bigint, place text)
RETURNS TABLE (rule_id text, name text, valid_from date, valid_to date, value text, unit text, citation text, jurisdiction text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH RECURSIVE chain (code, parent_code, distance) AS (
    SELECT j.code, j.parent_code, 0 FROM jurisdiction j WHERE j.code = place
    UNION ALL
    SELECT j.code, j.parent_code, c.distance + 1 FROM chain c JOIN jurisdiction j ON j.code = c.parent_code
    WHERE c.distance < 8
  ), stated AS (
    SELECT p.*, c.distance, min(c.distance) OVER (PARTITION BY p.rule_id, p.name) AS nearest
    FROM rule_parameter p JOIN chain c ON c.code = p.jurisdiction
    WHERE p.from_batch <= known AND (p.to_batch IS NULL OR p.to_batch > known)
  )
  SELECT s.rule_id, s.name, s.valid_from, s.valid_to, s.value, s.unit, s.citation, s.jurisdiction FROM stated s WHERE s.distance = s.nearest
$$;
COMMENT ON FUNCTION rule_parameter_for(bigint, text) IS 'parameters of a jurisdiction, inherited from its parents';
