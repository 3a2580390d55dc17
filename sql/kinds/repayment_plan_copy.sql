-- New versions of repayment_plan rows, straight into the current table.
COPY repayment_plan (
  key, print, batch_id, place, extra, plan_id, obligation_no, instalment, agreed_on, due_on, amount_fen,
  fund_source, final_on, proof
) FROM STDIN (FORMAT binary)
