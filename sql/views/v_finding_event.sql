DROP VIEW IF EXISTS v_finding_event;
CREATE VIEW v_finding_event WITH (security_invoker = true) AS
SELECT finding_id, seq, event, run_id, at, actor, amount_fen, evidence
FROM finding_event;
COMMENT ON VIEW v_finding_event IS '提示事项变化 What happened to a finding.';
COMMENT ON COLUMN v_finding_event.finding_id IS 'number of the finding';
COMMENT ON COLUMN v_finding_event.seq IS 'number inside the finding, from 1';
COMMENT ON COLUMN v_finding_event.event IS 'opened, updated, closed, reopened; by persons: acknowledged, assigned, escalated, silenced, unsilenced';
COMMENT ON COLUMN v_finding_event.run_id IS 'run that caused it, null for a person';
COMMENT ON COLUMN v_finding_event.at IS 'time';
COMMENT ON COLUMN v_finding_event.actor IS 'account, or setaside';
COMMENT ON COLUMN v_finding_event.amount_fen IS 'amount after it, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_finding_event.evidence IS 'evidence after it, JSON object; of a person: reason, and to or until';
