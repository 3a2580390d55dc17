-- complaint_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_complaint: the current rows.
DROP FUNCTION IF EXISTS complaint_at(bigint);
CREATE FUNCTION complaint_at(known bigint) RETURNS SETOF complaint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, complaint_no, contract_no, accepted_on, handed_over_on, extended,
    answered_on, result, not_admitted_ground
  FROM complaint WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, complaint_no, contract_no, accepted_on, handed_over_on, extended,
    answered_on, result, not_admitted_ground
  FROM complaint_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION complaint_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_complaint;
CREATE VIEW v_complaint WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, complaint_no, contract_no, accepted_on, handed_over_on, extended,
  answered_on, result, not_admitted_ground
FROM complaint;
COMMENT ON VIEW v_complaint IS '投诉 Complaints.';
COMMENT ON COLUMN v_complaint.key IS 'hash of the natural key';
COMMENT ON COLUMN v_complaint.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_complaint.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_complaint.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_complaint.complaint_no IS 'number of the complaint';
COMMENT ON COLUMN v_complaint.contract_no IS 'contract number';
COMMENT ON COLUMN v_complaint.accepted_on IS 'day of formal acceptance by the upper desk';
COMMENT ON COLUMN v_complaint.handed_over_on IS 'day the material was handed over';
COMMENT ON COLUMN v_complaint.extended IS 'the head approved an extension';
COMMENT ON COLUMN v_complaint.answered_on IS 'day of the written result';
COMMENT ON COLUMN v_complaint.result IS 'paid, plan, rejected, transferred or not_admitted; empty = not stated';
COMMENT ON COLUMN v_complaint.not_admitted_ground IS 'why it was not admitted, as the source writes it';
