INSERT INTO peer_state
WITH paid AS (
  SELECT p.obligation_no, sum(p.amount_fen) AS paid_fen, max(coalesce(p.cleared_on, p.voucher_on)) AS last_on,
    sum(p.amount_fen::numeric * greatest(coalesce(p.cleared_on, p.voucher_on) - r.rolled, 0)) AS late_product
  FROM payment p JOIN obligation o USING (obligation_no) JOIN contract c ON c.contract_no = o.contract_no
    JOIN peer_roll r ON r.day = coalesce(o.contract_due_on, o.accepted_on + c.agreed_term)
  WHERE coalesce(p.cleared_on, p.voucher_on) <= :'today' AND p.currency = 'CNY'
  GROUP BY p.obligation_no
), due AS (
  SELECT o.obligation_no, o.contract_no, c.unit_code, c.supplier_uscc, o.amount_fen, coalesce(p.paid_fen, 0) AS paid_fen,
    o.amount_fen - coalesce(p.paid_fen, 0) AS outstanding_fen, r.day AS due_nominal_on, r.rolled AS due_on,
    coalesce(p.late_product, 0) AS late_product, coalesce(c.late_rate_ppm, 182500) AS rate_ppm, c.day_base
  FROM obligation o JOIN contract c ON c.contract_no = o.contract_no
    LEFT JOIN paid p ON p.obligation_no = o.obligation_no
    LEFT JOIN peer_roll r ON r.day = coalesce(o.contract_due_on, o.accepted_on + c.agreed_term)
  WHERE o.currency = 'CNY'
)
SELECT obligation_no, contract_no, unit_code, supplier_uscc, amount_fen, paid_fen, outstanding_fen, due_nominal_on, due_on,
  CASE WHEN outstanding_fen > 0 THEN greatest(:'today'::date - due_on, 0) ELSE 0 END,
  round((late_product + outstanding_fen::numeric * greatest(:'today'::date - due_on, 0)) * rate_ppm / (1000000::numeric * day_base)),
  CASE WHEN outstanding_fen <= 0 THEN 'paid' WHEN :'today' > due_on THEN 'overdue' ELSE 'not-due' END
FROM due;
