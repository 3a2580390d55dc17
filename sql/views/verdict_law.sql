-- verdict_law(known, place, day): a hash over everything but records that a verdict on a day rests on: calendar, LPR, size
-- standard, rule parameters and which of them are in force on the day: one may be on record long before it takes effect.
-- Runs with equal prints judge an unchanged group alike, but for what has a day of its own.
DROP FUNCTION IF EXISTS verdict_law(bigint, text);
DROP FUNCTION IF EXISTS verdict_law(bigint, text, date);
CREATE FUNCTION verdict_law(known bigint, place text, day date) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT md5(concat(
    (SELECT string_agg(concat_ws(' ', c.day, c.kind), '|' ORDER BY c.day) FROM calendar_day_at(known) c),
    '#', (SELECT string_agg(concat_ws(' ', published_on, one_year_ppm), '|' ORDER BY published_on) FROM lpr_at(known)),
    '#', (SELECT string_agg(concat_ws(' ', standard_id, industry_code, gbt4754, indicator, small_lower, medium_lower, large_lower),
        '|' ORDER BY standard_id COLLATE "C", industry_code COLLATE "C", indicator COLLATE "C") FROM size_standard_at(known)),
    '#', (SELECT string_agg(concat_ws(' ', p.rule_id, p.name, p.valid_from, coalesce(p.valid_to::text, '-'), p.value,
        p.valid_from <= verdict_law.day AND coalesce(p.valid_to >= verdict_law.day, true)), '|'
        ORDER BY p.rule_id COLLATE "C", p.name COLLATE "C", p.valid_from) FROM rule_parameter_for(known, place) p)))
$$;
COMMENT ON FUNCTION verdict_law(bigint, text, date) IS 'hash of the law that a run of a day judges by';
