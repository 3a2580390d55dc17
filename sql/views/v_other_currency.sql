-- v_other_currency: what is kept in other currencies than CNY. It is summed apart and enters no CNY figure.
DROP VIEW IF EXISTS v_other_currency;
CREATE VIEW v_other_currency WITH (security_invoker = true) AS
SELECT 'budget_item' AS kind, currency, count(*) AS records, sum(budget_fen) AS amount_fen FROM budget_item
WHERE currency <> 'CNY' GROUP BY currency
UNION ALL
SELECT 'award', currency, count(*), sum(amount_fen) FROM award WHERE currency <> 'CNY' GROUP BY currency
UNION ALL
SELECT 'contract', currency, count(*), sum(amount_fen) FROM contract WHERE currency <> 'CNY' GROUP BY currency
UNION ALL
SELECT 'obligation', currency, count(*), sum(amount_fen) FROM obligation WHERE currency <> 'CNY' GROUP BY currency
UNION ALL
SELECT 'payment', currency, count(*), sum(amount_fen) FROM payment WHERE currency <> 'CNY' GROUP BY currency;
COMMENT ON VIEW v_other_currency IS '其他币种 Records in other currencies, summed per kind and currency.';
COMMENT ON COLUMN v_other_currency.kind IS 'record kind';
COMMENT ON COLUMN v_other_currency.currency IS 'ISO 4217 code';
COMMENT ON COLUMN v_other_currency.records IS 'records';
COMMENT ON COLUMN v_other_currency.amount_fen IS 'sum of their amounts, hundredths of the currency unit';
