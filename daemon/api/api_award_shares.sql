-- Award-basis SME share per buyer and currency: surely SME … possibly SME, hundredths of the currency unit.
-- $1 limit, $2 cursor "currency:unit_code".
SELECT unit_code, buyer_name, currency, awards, amount_fen, sme_lower_fen, sme_upper_fen,
       currency || ':' || unit_code AS cursor
  FROM v_award_share
 WHERE $2::text IS NULL
    OR (currency COLLATE "C", unit_code COLLATE "C") > (split_part($2, ':', 1), substr($2, strpos($2, ':') + 1))
 ORDER BY currency COLLATE "C", unit_code COLLATE "C"
 LIMIT $1::integer
