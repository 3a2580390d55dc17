DROP VIEW IF EXISTS v_message;
CREATE VIEW v_message WITH (security_invoker = true) AS
SELECT message_id, ref, case_key, event, rule_id, severity, unit_code, channel, recipient, payload, run_id, created_at,
  state, attempts, next_try_at, first_try_at, lease_until, maybe_sent, last_class, last_answer,
  held, parts_done, superseded_by
FROM message;
COMMENT ON VIEW v_message IS '提醒 Messages of the outbox.';
COMMENT ON COLUMN v_message.message_id IS 'number of the message';
COMMENT ON COLUMN v_message.ref IS 'reference A-YYYYMMDD-NNNNNN, the same on every try';
COMMENT ON COLUMN v_message.case_key IS 'messages of one case leave in order';
COMMENT ON COLUMN v_message.event IS 'opened, updated, closed or reopened';
COMMENT ON COLUMN v_message.rule_id IS 'rule that judged';
COMMENT ON COLUMN v_message.severity IS 'info, notice, warning or urgent';
COMMENT ON COLUMN v_message.unit_code IS 'budget unit; district = the whole district';
COMMENT ON COLUMN v_message.channel IS 'name of the channel';
COMMENT ON COLUMN v_message.recipient IS 'address, empty for channels without';
COMMENT ON COLUMN v_message.payload IS 'what it says, JSON object, amounts in fen';
COMMENT ON COLUMN v_message.run_id IS 'run that queued it';
COMMENT ON COLUMN v_message.created_at IS 'time it was queued';
COMMENT ON COLUMN v_message.state IS 'queued, sending, acknowledged, rejected, retry, unknown, failed or superseded';
COMMENT ON COLUMN v_message.attempts IS 'tries so far';
COMMENT ON COLUMN v_message.next_try_at IS 'time of the next try';
COMMENT ON COLUMN v_message.first_try_at IS 'time of the first try';
COMMENT ON COLUMN v_message.lease_until IS 'end of the running lease';
COMMENT ON COLUMN v_message.maybe_sent IS 'a try ended without an answer';
COMMENT ON COLUMN v_message.last_class IS 'class of the last answer';
COMMENT ON COLUMN v_message.last_answer IS 'the last answer, one line';
COMMENT ON COLUMN v_message.held IS 'waits for a digest';
COMMENT ON COLUMN v_message.parts_done IS 'parts of it that are acknowledged';
COMMENT ON COLUMN v_message.superseded_by IS 'number of the message that carried it';
