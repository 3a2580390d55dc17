-- verdict_law(known, place): a hash over everything but records that a verdict rests on: calendar, LPR, size standard, rule
-- parameters. Runs with equal prints judge an unchanged group alike.
DROP FUNCTION IF EXISTS verdict_law(bigint, text);
CREATE FUNCTION verdict_law(known bigint, place text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT md5(concat(
    (SELECT string_agg(concat_ws(' ', day, kind), '|' ORDER BY day) FROM calendar_day_at(known)),
    '#', (SELECT string_agg(concat_ws(' ', published_on, one_year_ppm), '|' ORDER BY published_on) FROM lpr_at(known)),
    '#', (SELECT string_agg(concat_ws(' ', standard_id, industry_code, gbt4754, indicator, small_lower, medium_lower, large_lower),
        '|' ORDER BY standard_id COLLATE "C", industry_code COLLATE "C", indicator COLLATE "C") FROM size_standard_at(known)),
    '#', (SELECT string_agg(concat_ws(' ', rule_id, name, valid_from, coalesce(valid_to::text, '-'), value), '|'
        ORDER BY rule_id COLLATE "C", name COLLATE "C", valid_from) FROM rule_parameter_for(known, place))))
$$;
COMMENT ON FUNCTION verdict_law(bigint, text) IS 'hash of the law that a run judges by';
