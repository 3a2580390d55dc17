-- For the findings of records. One row: a deposit under a contract. Only CNY. Amounts in fen.
-- $1 known batch, $2 number of the first procurement, $3 of the one after the last
-- OFFSET keeps it a look into an index for each of the contracts, however many the ledger holds.
SELECT obligation_no, o.contract_no, kind, amount_fen, delivered_on, accepted_on, settled_on, contract_due_on,
  disputed_fen, dispute_opened_on, dispute_settled_on, invoice_on, deposit_kind
FROM work_record_contract w CROSS JOIN LATERAL (
    SELECT * FROM obligation_at($1::bigint) o WHERE o.contract_no = w.contract_no AND o.kind = 'deposit' OFFSET 0) o
WHERE w.seq >= $2::integer AND w.seq < $3::integer AND currency = 'CNY'
ORDER BY obligation_no COLLATE "C"
