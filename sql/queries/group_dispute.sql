-- One row: the number of its group, then the columns of checks/load_dispute.sql.
DECLARE group_dispute NO SCROLL CURSOR FOR
SELECT w.seq, d.dispute_id, d.obligation_no, d.ground, d.opened_on, d.settled_on, d.agreed_due_on, d.amount_fen, d.agreed_fen,
  d.separable
FROM work_contract w JOIN obligation o ON o.contract_no = w.contract_no
  JOIN dispute d ON d.obligation_no = o.obligation_no
WHERE o.currency = 'CNY'
ORDER BY 1
