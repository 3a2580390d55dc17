-- Statistics after a first load, so that the checks' first queries are planned with them.
ANALYZE unit, supplier, budget_item, notice, award, contract, party, amendment, event, obligation, payment, dispute, complaint, repayment_plan, year_mark,
  register_entry
