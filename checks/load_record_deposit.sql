-- For the findings of records. One row: a deposit under a contract. Only CNY. Amounts in fen. $1 known batch, $2 fiscal year
SELECT obligation_no, contract_no, kind, amount_fen, delivered_on, accepted_on, settled_on, contract_due_on,
  disputed_fen, dispute_opened_on, dispute_settled_on, invoice_on
FROM obligation_at($1::bigint)
WHERE currency = 'CNY' AND kind = 'deposit'
  AND contract_no IN (SELECT r.contract_no FROM contract_of_records($1::bigint, $2::integer) r)
ORDER BY obligation_no COLLATE "C"
