-- One row: a change of a contract's amount, in fen. Only CNY. $1 known batch
SELECT contract_no, amended_on, amount_change_fen
FROM amendment_at($1::bigint)
WHERE currency = 'CNY'
ORDER BY contract_no COLLATE "C", amended_on NULLS FIRST, occurrence
