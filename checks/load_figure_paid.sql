-- For the figures of one year. One row: principal paid on the obligations of a contract signed in it, deposits apart, as the
-- stored states have it, fen; only contracts with any. $1 known batch, $2 fiscal year, $3 units (text array), null = all
SELECT p.contract_no, p.paid_fen
FROM v_contract_paid p
WHERE $3::text[] IS NULL AND p.paid_fen <> 0
  AND p.contract_no IN (SELECT c.contract_no FROM contract_of_year($1::bigint, $2::integer) c)
UNION ALL
SELECT c.contract_no, p.paid_fen
FROM (SELECT DISTINCT c.contract_no FROM contract_of_year($1::bigint, $2::integer) c WHERE c.unit_code = ANY ($3::text[])) c
  -- OFFSET keeps it a look into an index for each of them.
  CROSS JOIN LATERAL (
    SELECT paid_fen FROM v_contract_paid p WHERE p.contract_no = c.contract_no AND p.paid_fen <> 0 OFFSET 0) p
WHERE $3::text[] IS NOT NULL
