-- For the figures of one year. One row: principal paid on the obligations of a contract signed in it, deposits apart, as the
-- stored states have it, fen; only contracts with any. $1 known batch, $2 fiscal year, $3 units (text array), null = all
SELECT s.contract_no, least(sum(s.paid_fen), 9223372036854775807)::bigint
FROM v_obligation_paid s
WHERE ($3::text[] IS NULL OR s.unit_code = ANY ($3::text[])) AND s.paid_fen <> 0
  AND s.contract_no IN (SELECT c.contract_no FROM contract_of_year($1::bigint, $2::integer) c
    WHERE $3::text[] IS NULL OR c.unit_code = ANY ($3::text[]))
GROUP BY s.contract_no
