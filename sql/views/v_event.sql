-- event_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_event: the current rows.
DROP FUNCTION IF EXISTS event_at(bigint);
CREATE FUNCTION event_at(known bigint) RETURNS SETOF event LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, contract_no, instalment, kind, seq, happened_on, result, part_ppm,
    amount_fen, document
  FROM event WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, contract_no, instalment, kind, seq, happened_on, result, part_ppm,
    amount_fen, document
  FROM event_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION event_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_event;
CREATE VIEW v_event WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, contract_no, instalment, kind, seq, happened_on, result, part_ppm,
  amount_fen, document
FROM event;
COMMENT ON VIEW v_event IS '履约事项 Deliveries, acceptances and the like.';
COMMENT ON COLUMN v_event.key IS 'hash of the natural key';
COMMENT ON COLUMN v_event.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_event.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_event.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_event.contract_no IS 'contract number';
COMMENT ON COLUMN v_event.instalment IS 'number of the instalment';
COMMENT ON COLUMN v_event.kind IS 'kind, one of the words of the exchange profile';
COMMENT ON COLUMN v_event.seq IS 'number inside its parent, from 1';
COMMENT ON COLUMN v_event.happened_on IS 'day of the event';
COMMENT ON COLUMN v_event.result IS 'result as recorded';
COMMENT ON COLUMN v_event.part_ppm IS 'part concerned, parts per million';
COMMENT ON COLUMN v_event.amount_fen IS 'amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_event.document IS 'number of the document';
