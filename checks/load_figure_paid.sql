-- For the figures of one year. One row: principal paid on the obligations of a contract signed in it, deposits apart, as the
-- stored states have it, fen; only contracts with any. $1 known batch, $2 fiscal year, $3 units (text array), null = all
SELECT p.contract_no, p.paid_fen
FROM v_contract_paid p
WHERE p.paid_fen <> 0
  AND p.contract_no IN (SELECT c.contract_no FROM contract_of_year($1::bigint, $2::integer) c
    WHERE $3::text[] IS NULL OR c.unit_code = ANY ($3::text[]))
