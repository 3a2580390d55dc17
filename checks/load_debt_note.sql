-- One row: what else the records say of an obligation under a contract; only where anything is stated. Only CNY.
-- Amounts in fen. $1 known batch
SELECT o.obligation_no, coalesce(c.project_name, ''), o.origin, o.cause, o.responsible, o.fund_source, o.costs_fen, o.secured_fen
FROM obligation_at($1::bigint) o LEFT JOIN contract_at($1::bigint) c ON c.contract_no = o.contract_no
WHERE o.currency = 'CNY' AND o.contract_no <> ''
  AND (coalesce(c.project_name, '') <> '' OR o.origin <> '' OR o.cause <> '' OR o.responsible <> '' OR o.fund_source <> ''
    OR o.costs_fen > 0 OR o.secured_fen > 0)
ORDER BY o.obligation_no COLLATE "C"
