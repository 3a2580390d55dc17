-- obligation_state_on(day): days overdue and estimated interest on a day from as_of on, without a new run; interest_alt_fen at
-- the other rate where the law leaves it open. Exact until its group's next_change_on: the day-product grows by accruing_fen
-- a day, is rounded once (half up) and cut to what the cap leaves, which only an agreed rate has.
DROP FUNCTION IF EXISTS obligation_state_on(date);
CREATE FUNCTION obligation_state_on(day date)
RETURNS TABLE (obligation_no text, overdue_days integer, interest_fen bigint, interest_alt_fen bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT o.obligation_no,
    CASE WHEN o.overdue_since IS NULL THEN 0 ELSE day - o.overdue_since END,
    CASE WHEN o.accruing_fen = 0 OR o.rate_basis NOT IN ('agreed', 'floor', 'statutory') THEN o.interest_fen
      ELSE least(
        div(2 * (o.day_product + o.accruing_fen::numeric * (day - o.as_of)) * o.rate_ppm + 1000000::numeric * o.day_base,
          2000000::numeric * o.day_base),
        o.cap_left_fen)::bigint END,
    CASE WHEN o.accruing_fen = 0 OR o.alt_rate_ppm IS NULL THEN o.interest_alt_fen
      ELSE div(2 * (o.day_product + o.accruing_fen::numeric * (day - o.as_of)) * o.alt_rate_ppm + 1000000::numeric * o.alt_day_base,
        2000000::numeric * o.alt_day_base)::bigint END
  FROM obligation_state o
$$;
COMMENT ON FUNCTION obligation_state_on(date) IS 'days overdue and estimated interest (fen) on a later day';
