-- For the findings of records. One row: a change of a contract's amount, in fen. Only CNY.
-- $1 known batch, $2 number of the first procurement, $3 of the one after the last
-- OFFSET keeps it a look into an index for each of the contracts, however many the ledger holds.
SELECT a.contract_no, amended_on, amount_change_fen
FROM work_record_contract w CROSS JOIN LATERAL (
    SELECT * FROM amendment_at($1::bigint) a WHERE a.contract_no = w.contract_no OFFSET 0) a
WHERE w.seq >= $2::integer AND w.seq < $3::integer AND currency = 'CNY'
ORDER BY a.contract_no COLLATE "C", amended_on NULLS FIRST, occurrence
