DROP VIEW IF EXISTS v_check_run;
CREATE VIEW v_check_run WITH (security_invoker = true) AS
SELECT run_id, as_of, known_batch, jurisdiction, program, started_at, finished_at, obligations, states_written,
  findings_opened, findings_updated, findings_closed, messages_queued
FROM check_run
WHERE part = 'law';
COMMENT ON VIEW v_check_run IS '测算记录 Evaluations of the law that changed something.';
COMMENT ON COLUMN v_check_run.run_id IS 'number of the run';
COMMENT ON COLUMN v_check_run.as_of IS 'legal date that was evaluated';
COMMENT ON COLUMN v_check_run.known_batch IS 'last batch that was read';
COMMENT ON COLUMN v_check_run.jurisdiction IS 'code of the jurisdiction';
COMMENT ON COLUMN v_check_run.program IS 'version of the program that judged';
COMMENT ON COLUMN v_check_run.started_at IS 'time it began to store';
COMMENT ON COLUMN v_check_run.finished_at IS 'time it ended';
COMMENT ON COLUMN v_check_run.obligations IS 'obligations judged';
COMMENT ON COLUMN v_check_run.states_written IS 'states that differed';
COMMENT ON COLUMN v_check_run.findings_opened IS 'findings opened or reopened';
COMMENT ON COLUMN v_check_run.findings_updated IS 'findings';
COMMENT ON COLUMN v_check_run.findings_closed IS 'findings';
COMMENT ON COLUMN v_check_run.messages_queued IS 'messages put into the outbox';
