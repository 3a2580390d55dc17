-- One row: an obligation under a contract. Declared debts, which name none, have a list of their own. Only CNY. Amounts in fen.
-- $1 known batch
SELECT obligation_no, contract_no, kind, amount_fen, delivered_on, accepted_on, settled_on, contract_due_on, disputed_fen,
  dispute_opened_on, dispute_settled_on, invoice_on, deposit_kind
FROM obligation_at($1::bigint)
WHERE currency = 'CNY' AND contract_no <> ''
ORDER BY obligation_no COLLATE "C"
