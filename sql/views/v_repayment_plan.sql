-- repayment_plan_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_repayment_plan: the current rows.
DROP FUNCTION IF EXISTS repayment_plan_at(bigint);
CREATE FUNCTION repayment_plan_at(known bigint) RETURNS SETOF repayment_plan LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, plan_id, obligation_no, instalment, agreed_on, due_on, amount_fen,
    fund_source, final_on, proof
  FROM repayment_plan WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, plan_id, obligation_no, instalment, agreed_on, due_on, amount_fen,
    fund_source, final_on, proof
  FROM repayment_plan_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION repayment_plan_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_repayment_plan;
CREATE VIEW v_repayment_plan WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, plan_id, obligation_no, instalment, agreed_on, due_on, amount_fen,
  fund_source, final_on, proof
FROM repayment_plan;
COMMENT ON VIEW v_repayment_plan IS '还款计划 Repayment plans.';
COMMENT ON COLUMN v_repayment_plan.key IS 'hash of the natural key';
COMMENT ON COLUMN v_repayment_plan.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_repayment_plan.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_repayment_plan.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_repayment_plan.plan_id IS 'number of the plan';
COMMENT ON COLUMN v_repayment_plan.obligation_no IS 'number of the obligation';
COMMENT ON COLUMN v_repayment_plan.instalment IS 'number of the instalment';
COMMENT ON COLUMN v_repayment_plan.agreed_on IS 'day the plan was agreed';
COMMENT ON COLUMN v_repayment_plan.due_on IS 'day the instalment is due';
COMMENT ON COLUMN v_repayment_plan.amount_fen IS 'amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_repayment_plan.fund_source IS 'source of the funds';
COMMENT ON COLUMN v_repayment_plan.final_on IS 'day of the last instalment';
COMMENT ON COLUMN v_repayment_plan.proof IS 'number of the proof';
