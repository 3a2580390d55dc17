DROP VIEW IF EXISTS v_channel;
CREATE VIEW v_channel WITH (security_invoker = true) AS
SELECT name, kind, enabled, disabled_reason, broken_since, probe_at, failures, rate_count, clock_ahead_s,
  ARRAY(SELECT r.recipient FROM channel_recipient r WHERE r.channel = c.name ORDER BY r.recipient COLLATE "C") AS recipients
FROM channel c;
COMMENT ON VIEW v_channel IS '通道 Channels; secrets are not in the database.';
COMMENT ON COLUMN v_channel.name IS 'name in the configuration';
COMMENT ON COLUMN v_channel.kind IS 'mail, webhook and so on';
COMMENT ON COLUMN v_channel.enabled IS 'messages are sent';
COMMENT ON COLUMN v_channel.disabled_reason IS 'why not';
COMMENT ON COLUMN v_channel.broken_since IS 'time the circuit opened';
COMMENT ON COLUMN v_channel.probe_at IS 'time of the next probe';
COMMENT ON COLUMN v_channel.failures IS 'endpoint faults in a row';
COMMENT ON COLUMN v_channel.recipients IS 'addresses; one empty text for channels without';
COMMENT ON COLUMN v_channel.rate_count IS 'requests within a minute, 0 = no limit';
COMMENT ON COLUMN v_channel.clock_ahead_s IS 'our clock minus its clock, seconds';
