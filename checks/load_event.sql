-- One row: what happened under a contract, in the order of the days. Amounts in fen. $1 known batch
SELECT contract_no, instalment, kind, result, happened_on, part_ppm, amount_fen, document
FROM event_at($1::bigint)
ORDER BY contract_no COLLATE "C", happened_on, seq, kind COLLATE "C", instalment
