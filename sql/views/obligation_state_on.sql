-- obligation_state_on(day): days overdue and estimated interest on a day from as_of on, without a new run; interest_alt_fen at
-- the other rate where the law leaves it open; interest_beside_fen what would have run on what was disputed after the due day
-- (null: nothing was). Exact until its group's next_change_on: a day-product grows by a fixed amount a day, is rounded once
-- (half up) and cut to what the cap leaves, which only an agreed rate has. What is larger than any amount is the largest, as in
-- checks/interest.c: one absurd record must not end every statement that reads it.
DROP FUNCTION IF EXISTS obligation_state_on(date);
CREATE FUNCTION obligation_state_on(day date)
RETURNS TABLE (obligation_no text, overdue_days integer, interest_fen bigint, interest_alt_fen bigint, interest_beside_fen bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT o.obligation_no,
    CASE WHEN o.overdue_since IS NULL THEN 0 ELSE day - o.overdue_since END,
    i.own,
    CASE WHEN o.accruing_fen = 0 OR o.alt_rate_ppm IS NULL THEN o.interest_alt_fen
      ELSE least(
        div(2 * (o.day_product + o.accruing_fen::numeric * (day - o.as_of)) * o.alt_rate_ppm + 1000000::numeric * o.alt_day_base,
          2000000::numeric * o.alt_day_base),
        9223372036854775807)::bigint END,
    CASE WHEN o.beside_product IS NULL THEN NULL
      WHEN o.rate_basis NOT IN ('agreed', 'floor', 'statutory') THEN 0
      ELSE least(
        div(2 * (o.beside_product + o.beside_accruing_fen::numeric * (day - o.as_of)) * o.rate_ppm + 1000000::numeric * o.day_base,
          2000000::numeric * o.day_base),
        greatest(o.cap_left_fen - i.own, CASE WHEN o.cap_left_fen IS NOT NULL THEN 0 END), 9223372036854775807)::bigint END
  FROM obligation_state o
    CROSS JOIN LATERAL (
      SELECT CASE WHEN o.accruing_fen = 0 OR o.rate_basis NOT IN ('agreed', 'floor', 'statutory') THEN o.interest_fen
        ELSE least(
          div(2 * (o.day_product + o.accruing_fen::numeric * (day - o.as_of)) * o.rate_ppm + 1000000::numeric * o.day_base,
            2000000::numeric * o.day_base),
          o.cap_left_fen, 9223372036854775807)::bigint END AS own
    ) i
$$;
COMMENT ON FUNCTION obligation_state_on(date) IS 'days overdue and estimated interest (fen) on a later day';
