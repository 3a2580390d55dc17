-- New versions of obligation rows, straight into the current table.
COPY obligation (
  key, print, batch_id, place, extra, obligation_no, contract_no, kind, amount_fen, currency, delivered_on,
  accepted_on, settled_on, contract_due_on, disputed_fen, dispute_opened_on, dispute_settled_on, unit_code,
  creditor_uscc, creditor_name, outstanding_fen, declared_due_on, formed_on, origin, cause, responsible,
  fund_source, costs_fen, secured_fen, invoice_on, deposit_kind
) FROM STDIN (FORMAT binary)
