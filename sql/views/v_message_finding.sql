DROP VIEW IF EXISTS v_message_finding;
CREATE VIEW v_message_finding WITH (security_invoker = true) AS
SELECT message_id, finding_id, event_seq
FROM message_finding;
COMMENT ON VIEW v_message_finding IS '提醒所依据的提示事项 Which events of which findings a message tells of.';
COMMENT ON COLUMN v_message_finding.message_id IS 'number of the message';
COMMENT ON COLUMN v_message_finding.finding_id IS 'number of the finding';
COMMENT ON COLUMN v_message_finding.event_seq IS 'number of the event inside the finding';
