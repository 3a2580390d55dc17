-- One row: an obligation under a contract. Declared debts, which name none, have a list of their own. Only CNY.
-- A row that says nothing of a dispute takes it from the dispute records: the one opened last. Amounts in fen.
-- $1 known batch
SELECT o.obligation_no, o.contract_no, o.kind, o.amount_fen, o.delivered_on, o.accepted_on, o.settled_on, o.contract_due_on,
  coalesce(o.disputed_fen, d.amount_fen),
  CASE WHEN o.disputed_fen IS NULL THEN d.opened_on ELSE o.dispute_opened_on END,
  CASE WHEN o.disputed_fen IS NULL THEN d.settled_on ELSE o.dispute_settled_on END,
  o.invoice_on, o.deposit_kind
FROM obligation_at($1::bigint) o
  LEFT JOIN (
    SELECT DISTINCT ON (obligation_no) obligation_no, amount_fen, opened_on, settled_on
    FROM dispute_at($1::bigint)
    ORDER BY obligation_no, opened_on DESC NULLS LAST, dispute_id COLLATE "C" DESC
  ) d ON d.obligation_no = o.obligation_no
WHERE o.currency = 'CNY' AND o.contract_no <> ''
ORDER BY o.obligation_no COLLATE "C"
