-- Award-basis SME share per buyer and currency: surely SME … possibly SME, hundredths of the currency unit.
-- $1 limit, $2 cursor "currency:buyer".
SELECT buyer, buyer_name, currency, awards, awards_without_amount, awards_unknown_scale, amount_fen, sme_lower_fen,
       sme_upper_fen, small_micro_lower_fen, small_micro_upper_fen, currency || ':' || buyer AS cursor
  FROM v_award_share
 WHERE $2::text IS NULL
    OR (currency COLLATE "C", buyer COLLATE "C") > (split_part($2, ':', 1), substr($2, strpos($2, ':') + 1))
 ORDER BY currency COLLATE "C", buyer COLLATE "C"
 LIMIT $1::integer
