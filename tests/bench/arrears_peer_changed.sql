-- The peer's incremental: judges the obligations of one batch again. :batch, :today
WITH changed AS (
  SELECT obligation_no FROM obligation WHERE batch_id = :batch
), paid AS (
  SELECT o.obligation_no, sum(p.amount_fen) AS paid_fen,
    sum(p.amount_fen::numeric * greatest(coalesce(p.cleared_on, p.voucher_on) - r.rolled, 0)) AS late_product
  FROM changed JOIN obligation o USING (obligation_no) JOIN contract c ON c.contract_no = o.contract_no
    JOIN payment p ON p.contract_no = o.contract_no AND p.obligation_no = o.obligation_no
    JOIN peer_roll r ON r.day = coalesce(o.contract_due_on, o.accepted_on + c.agreed_term)
  WHERE coalesce(p.cleared_on, p.voucher_on) <= :'today' AND p.currency = 'CNY'
  GROUP BY o.obligation_no
), due AS (
  SELECT o.obligation_no, o.amount_fen, coalesce(p.paid_fen, 0) AS paid_fen,
    o.amount_fen - coalesce(p.paid_fen, 0) AS outstanding_fen, r.day AS due_nominal_on, r.rolled AS due_on,
    coalesce(p.late_product, 0) AS late_product, coalesce(c.late_rate_ppm, 182500) AS rate_ppm, c.day_base
  FROM changed JOIN obligation o USING (obligation_no) JOIN contract c ON c.contract_no = o.contract_no
    LEFT JOIN paid p ON p.obligation_no = o.obligation_no
    LEFT JOIN peer_roll r ON r.day = coalesce(o.contract_due_on, o.accepted_on + c.agreed_term)
)
UPDATE peer_state s SET amount_fen = d.amount_fen, paid_fen = d.paid_fen, outstanding_fen = d.outstanding_fen,
  due_nominal_on = d.due_nominal_on, due_on = d.due_on,
  overdue_days = CASE WHEN d.outstanding_fen > 0 THEN greatest(:'today'::date - d.due_on, 0) ELSE 0 END,
  interest_fen = round((d.late_product + d.outstanding_fen::numeric * greatest(:'today'::date - d.due_on, 0)) * d.rate_ppm
    / (1000000::numeric * d.day_base)),
  status = CASE WHEN d.outstanding_fen <= 0 THEN 'paid' WHEN :'today' > d.due_on THEN 'overdue' ELSE 'not-due' END
FROM due d WHERE d.obligation_no = s.obligation_no;
