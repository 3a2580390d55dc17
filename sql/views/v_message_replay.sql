DROP VIEW IF EXISTS v_message_replay;
CREATE VIEW v_message_replay WITH (security_invoker = true) AS
SELECT message_id, at, person, reason, state_before
FROM message_replay;
COMMENT ON VIEW v_message_replay IS '人工重发 Messages that a person had tried again.';
COMMENT ON COLUMN v_message_replay.message_id IS 'number of the message';
COMMENT ON COLUMN v_message_replay.at IS 'time';
COMMENT ON COLUMN v_message_replay.person IS 'who asked';
COMMENT ON COLUMN v_message_replay.reason IS 'why';
COMMENT ON COLUMN v_message_replay.state_before IS 'state of the message before';
