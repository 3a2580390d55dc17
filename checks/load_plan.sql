-- One row: an instalment of a repayment plan, by debt, then by plan as agreed, then by day. Amounts in fen. $1 known batch
SELECT plan_id, obligation_no, instalment, agreed_on, due_on, final_on, amount_fen, fund_source, proof
FROM repayment_plan_at($1::bigint)
ORDER BY obligation_no COLLATE "C", agreed_on NULLS FIRST, plan_id COLLATE "C", due_on NULLS LAST, instalment
