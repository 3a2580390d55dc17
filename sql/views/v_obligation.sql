-- obligation_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_obligation: the current rows.
DROP FUNCTION IF EXISTS obligation_at(bigint);
CREATE FUNCTION obligation_at(known bigint) RETURNS SETOF obligation LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, obligation_no, contract_no, kind, amount_fen, currency, delivered_on,
    accepted_on, settled_on, contract_due_on, disputed_fen, dispute_opened_on, dispute_settled_on, unit_code,
    creditor_uscc, creditor_name, outstanding_fen, declared_due_on, formed_on, origin, cause,
    responsible, fund_source, costs_fen, secured_fen, invoice_on, deposit_kind
  FROM obligation WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, obligation_no, contract_no, kind, amount_fen, currency, delivered_on,
    accepted_on, settled_on, contract_due_on, disputed_fen, dispute_opened_on, dispute_settled_on, unit_code,
    creditor_uscc, creditor_name, outstanding_fen, declared_due_on, formed_on, origin, cause,
    responsible, fund_source, costs_fen, secured_fen, invoice_on, deposit_kind
  FROM obligation_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION obligation_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_obligation;
CREATE VIEW v_obligation WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, obligation_no, contract_no, kind, amount_fen, currency, delivered_on,
  accepted_on, settled_on, contract_due_on, disputed_fen, dispute_opened_on, dispute_settled_on, unit_code,
  creditor_uscc, creditor_name, outstanding_fen, declared_due_on, formed_on, origin, cause,
    responsible, fund_source, costs_fen, secured_fen, invoice_on, deposit_kind
FROM obligation;
COMMENT ON VIEW v_obligation IS '付款义务 Payment obligations and declared debts.';
COMMENT ON COLUMN v_obligation.key IS 'hash of the natural key';
COMMENT ON COLUMN v_obligation.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_obligation.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_obligation.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_obligation.obligation_no IS 'number of the obligation';
COMMENT ON COLUMN v_obligation.contract_no IS 'contract number';
COMMENT ON COLUMN v_obligation.kind IS 'kind, one of the words of the exchange profile';
COMMENT ON COLUMN v_obligation.amount_fen IS 'amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_obligation.currency IS 'ISO 4217 code';
COMMENT ON COLUMN v_obligation.delivered_on IS 'day of delivery';
COMMENT ON COLUMN v_obligation.accepted_on IS 'day acceptance was passed';
COMMENT ON COLUMN v_obligation.settled_on IS 'day the settled amount was confirmed';
COMMENT ON COLUMN v_obligation.contract_due_on IS 'day of payment that the contract names';
COMMENT ON COLUMN v_obligation.disputed_fen IS 'disputed part, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_obligation.dispute_opened_on IS 'day the dispute opened, null = always';
COMMENT ON COLUMN v_obligation.dispute_settled_on IS 'day it was settled';
COMMENT ON COLUMN v_obligation.unit_code IS 'code of the budget unit';
COMMENT ON COLUMN v_obligation.creditor_uscc IS 'code of the creditor of a declared debt';
COMMENT ON COLUMN v_obligation.creditor_name IS 'creditor as the sheet writes it';
COMMENT ON COLUMN v_obligation.outstanding_fen IS 'outstanding amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_obligation.declared_due_on IS 'due day as declared';
COMMENT ON COLUMN v_obligation.formed_on IS 'day the debt came about';
COMMENT ON COLUMN v_obligation.origin IS 'source of the lead';
COMMENT ON COLUMN v_obligation.cause IS 'cause as declared';
COMMENT ON COLUMN v_obligation.responsible IS '责任人 who answers for the payment';
COMMENT ON COLUMN v_obligation.fund_source IS '资金来源 where the money is to come from';
COMMENT ON COLUMN v_obligation.costs_fen IS 'costs of collecting, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_obligation.secured_fen IS 'what secures it, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_obligation.invoice_on IS 'day of the invoice, or of its receipt: starts no clock';
COMMENT ON COLUMN v_obligation.deposit_kind IS '保证金种类 performance, bid, quality or wage (of migrant workers); empty = not stated, or no deposit';
