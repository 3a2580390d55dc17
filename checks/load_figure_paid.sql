-- For the figures of one year. One row: principal paid on the obligations of a contract, deposits apart, as the stored states
-- have it, fen; only contracts with any. $1 known batch, $2 fiscal year
SELECT s.contract_no, least(sum(s.paid_fen), 9223372036854775807)::bigint
FROM v_obligation_paid s
WHERE s.contract_no IN (SELECT y.contract_no FROM contract_of_year($1::bigint, $2::integer) y)
GROUP BY s.contract_no
HAVING sum(s.paid_fen) <> 0
ORDER BY s.contract_no COLLATE "C"
