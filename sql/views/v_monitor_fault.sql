DROP VIEW IF EXISTS v_monitor_fault;
CREATE VIEW v_monitor_fault WITH (security_invoker = true) AS
SELECT fault, subject, opened_at, seen_at
FROM monitor_fault;
COMMENT ON VIEW v_monitor_fault IS '监测系统自身状况 What is wrong with the program itself.';
COMMENT ON COLUMN v_monitor_fault.fault IS 'channel, undelivered, refused, clock, loop or disk';
COMMENT ON COLUMN v_monitor_fault.subject IS 'channel or directory it is about';
COMMENT ON COLUMN v_monitor_fault.opened_at IS 'time it was seen first';
COMMENT ON COLUMN v_monitor_fault.seen_at IS 'time it was seen last';
