DROP VIEW IF EXISTS v_route;
CREATE VIEW v_route WITH (security_invoker = true) AS
SELECT name, channel, rules, units,
  severity, amount_fen, recipients, digest, quiet_from, quiet_to, working_days, all_quiet
FROM route;
COMMENT ON VIEW v_route IS '路由 Which rules and units go to which channels.';
COMMENT ON COLUMN v_route.name IS 'name in the configuration';
COMMENT ON COLUMN v_route.channel IS 'name of the channel';
COMMENT ON COLUMN v_route.rules IS 'rule ids, * = all';
COMMENT ON COLUMN v_route.units IS 'codes of units or departments, * = all';
COMMENT ON COLUMN v_route.severity IS 'the least that is told';
COMMENT ON COLUMN v_route.amount_fen IS 'the least sum that is told, fen';
COMMENT ON COLUMN v_route.recipients IS 'who of the channel hears it, empty = all';
COMMENT ON COLUMN v_route.digest IS 'off, daily or weekly';
COMMENT ON COLUMN v_route.quiet_from IS 'quiet hours begin';
COMMENT ON COLUMN v_route.quiet_to IS 'quiet hours end';
COMMENT ON COLUMN v_route.working_days IS 'leaves on working days only';
COMMENT ON COLUMN v_route.all_quiet IS 'a digest with nothing to tell says so';
