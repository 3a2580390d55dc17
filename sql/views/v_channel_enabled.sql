DROP VIEW IF EXISTS v_channel_enabled;
CREATE VIEW v_channel_enabled WITH (security_invoker = true) AS
SELECT channel, at, person, reason, disabled_reason
FROM channel_enabled;
COMMENT ON VIEW v_channel_enabled IS '通道恢复 Channels that a person had work again.';
COMMENT ON COLUMN v_channel_enabled.channel IS 'name in the configuration';
COMMENT ON COLUMN v_channel_enabled.at IS 'time';
COMMENT ON COLUMN v_channel_enabled.person IS 'who asked';
COMMENT ON COLUMN v_channel_enabled.reason IS 'why';
COMMENT ON COLUMN v_channel_enabled.disabled_reason IS 'why it had been disabled';
