-- One row: the number of its group, then the columns of checks/load_obligation.sql.
DECLARE group_obligation NO SCROLL CURSOR FOR
SELECT w.seq, o.obligation_no, o.contract_no, o.kind, o.amount_fen, o.delivered_on, o.accepted_on, o.settled_on,
  o.contract_due_on, coalesce(o.disputed_fen, d.amount_fen),
  CASE WHEN o.disputed_fen IS NULL THEN d.opened_on ELSE o.dispute_opened_on END,
  CASE WHEN o.disputed_fen IS NULL THEN d.settled_on ELSE o.dispute_settled_on END,
  o.invoice_on, o.deposit_kind
FROM work_contract w JOIN obligation o ON o.contract_no = w.contract_no
  LEFT JOIN (
    SELECT DISTINCT ON (obligation_no) obligation_no, amount_fen, opened_on, settled_on
    FROM dispute
    ORDER BY obligation_no, opened_on DESC NULLS LAST, dispute_id COLLATE "C" DESC
  ) d ON d.obligation_no = o.obligation_no
WHERE o.currency = 'CNY'
ORDER BY 1
