-- Payments that no contract number ties to a contract (待匹配支付), largest first. Amounts in fen.
-- $1 unit or null, $2 limit, $3 cursor "amount_fen:voucher_no".
SELECT p.voucher_no, p.stated_contract_no, p.unit_code, p.payee_uscc, p.payee_name, p.amount_fen, p.currency, p.paid_on,
       p.candidates, p.likely_contract_no, p.likely_because, p.amount_fen || ':' || p.voucher_no AS cursor
  FROM v_unmatched_payment p
 WHERE ($1::text IS NULL OR p.unit_code = $1)
   AND ($3::text IS NULL
        OR p.amount_fen < split_part($3, ':', 1)::bigint
        OR (p.amount_fen = split_part($3, ':', 1)::bigint
            AND p.voucher_no COLLATE "C" > substr($3, strpos($3, ':') + 1)))
 ORDER BY p.amount_fen DESC, p.voucher_no COLLATE "C"
 LIMIT $2::integer
