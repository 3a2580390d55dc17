-- For the findings of records. One row: a change of a contract's amount, in fen. Only CNY.
-- $1 known batch, $2 number of the first procurement, $3 of the one after the last
SELECT a.contract_no, amended_on, amount_change_fen
FROM work_record_contract w JOIN amendment_at($1::bigint) a ON a.contract_no = w.contract_no
WHERE w.seq >= $2::integer AND w.seq < $3::integer AND currency = 'CNY'
ORDER BY a.contract_no COLLATE "C", amended_on NULLS FIRST, occurrence
