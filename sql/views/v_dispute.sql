-- dispute_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_dispute: the current rows.
DROP FUNCTION IF EXISTS dispute_at(bigint);
CREATE FUNCTION dispute_at(known bigint) RETURNS SETOF dispute LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, dispute_id, obligation_no, opened_on, amount_fen, ground, separable,
    settled_on, agreed_fen, agreed_due_on
  FROM dispute WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, dispute_id, obligation_no, opened_on, amount_fen, ground, separable,
    settled_on, agreed_fen, agreed_due_on
  FROM dispute_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION dispute_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_dispute;
CREATE VIEW v_dispute WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, dispute_id, obligation_no, opened_on, amount_fen, ground, separable,
  settled_on, agreed_fen, agreed_due_on
FROM dispute;
COMMENT ON VIEW v_dispute IS '争议 Disputes.';
COMMENT ON COLUMN v_dispute.key IS 'hash of the natural key';
COMMENT ON COLUMN v_dispute.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_dispute.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_dispute.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_dispute.dispute_id IS 'number of the dispute';
COMMENT ON COLUMN v_dispute.obligation_no IS 'number of the obligation';
COMMENT ON COLUMN v_dispute.opened_on IS 'day it opened';
COMMENT ON COLUMN v_dispute.amount_fen IS 'amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_dispute.ground IS 'ground as recorded';
COMMENT ON COLUMN v_dispute.separable IS 'the undisputed part can be separated';
COMMENT ON COLUMN v_dispute.settled_on IS 'day it was settled';
COMMENT ON COLUMN v_dispute.agreed_fen IS 'agreed amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_dispute.agreed_due_on IS 'agreed due day';
