DROP VIEW IF EXISTS v_delivery;
CREATE VIEW v_delivery WITH (security_invoker = true) AS
SELECT delivery_no, message_id, attempt, channel, recipient, started_at, finished_at, bytes, class, answer,
  requests
FROM delivery;
COMMENT ON VIEW v_delivery IS '发送记录 Every try to deliver a message.';
COMMENT ON COLUMN v_delivery.delivery_no IS 'number without gaps';
COMMENT ON COLUMN v_delivery.message_id IS 'number of the message';
COMMENT ON COLUMN v_delivery.attempt IS 'number of the try, from 1';
COMMENT ON COLUMN v_delivery.channel IS 'name of the channel';
COMMENT ON COLUMN v_delivery.recipient IS 'address, empty for channels without';
COMMENT ON COLUMN v_delivery.started_at IS 'time';
COMMENT ON COLUMN v_delivery.finished_at IS 'time';
COMMENT ON COLUMN v_delivery.bytes IS 'bytes sent';
COMMENT ON COLUMN v_delivery.class IS 'acknowledged, rejected-permanent, retry-later or unknown';
COMMENT ON COLUMN v_delivery.answer IS 'answer of the other side, one line';
COMMENT ON COLUMN v_delivery.requests IS 'what the try took of the rate budget';
