-- One row: the number of its group, then the columns of checks/load_obligation.sql.
DECLARE group_obligation NO SCROLL CURSOR FOR
SELECT w.seq, o.obligation_no, o.contract_no, o.kind, o.amount_fen, o.delivered_on, o.accepted_on, o.settled_on,
  o.contract_due_on, o.disputed_fen, o.dispute_opened_on, o.dispute_settled_on, o.invoice_on, o.deposit_kind
FROM work_contract w JOIN obligation o ON o.contract_no = w.contract_no
WHERE o.currency = 'CNY'
ORDER BY 1
