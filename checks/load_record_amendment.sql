-- For the findings of records. One row: a change of a contract's amount, in fen. Only CNY. $1 known batch, $2 fiscal year
SELECT contract_no, amended_on, amount_change_fen
FROM amendment_at($1::bigint)
WHERE currency = 'CNY' AND contract_no IN (SELECT r.contract_no FROM contract_of_records($1::bigint, $2::integer) r)
ORDER BY contract_no COLLATE "C", amended_on NULLS FIRST, occurrence
