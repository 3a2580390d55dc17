-- One row: a debt that a unit declares without a contract. Only CNY. Amounts in fen. $1 known batch
SELECT obligation_no, unit_code, creditor_uscc, creditor_name, amount_fen, outstanding_fen, declared_due_on, formed_on,
  origin, cause
FROM obligation_at($1::bigint)
WHERE currency = 'CNY' AND contract_no = ''
ORDER BY obligation_no COLLATE "C"
