DROP VIEW IF EXISTS v_route;
CREATE VIEW v_route WITH (security_invoker = true) AS
SELECT name, channel, rules, units
FROM route;
COMMENT ON VIEW v_route IS '路由 Which rules and units go to which channels.';
COMMENT ON COLUMN v_route.name IS 'name in the configuration';
COMMENT ON COLUMN v_route.channel IS 'name of the channel';
COMMENT ON COLUMN v_route.rules IS 'rule ids, * = all';
COMMENT ON COLUMN v_route.units IS 'codes of units or departments, * = all';
