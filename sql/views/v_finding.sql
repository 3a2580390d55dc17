-- v_finding: findings as they are told of, and of a dispute that was opened after the due day the interest beside it as of the
-- last run: it grows from day to day without the finding being another one.
DROP VIEW IF EXISTS v_finding;
CREATE VIEW v_finding WITH (security_invoker = true) AS
SELECT finding_id, rule_id, code, subject_kind, subject, unit_code, department, severity, state, episode, opened_on,
  changed_on, closed_on, amount_fen, currency,
  CASE WHEN code = 'arrears-late-dispute' AND state <> 'closed' THEN evidence || coalesce((
      SELECT jsonb_build_object('as_of', r.as_of, 'interest_beside_fen', o.interest_beside_fen)
      FROM (SELECT as_of FROM check_run WHERE part = 'law' ORDER BY run_id DESC LIMIT 1) r
        CROSS JOIN LATERAL (
          SELECT i.interest_beside_fen FROM obligation_state_on(r.as_of) i WHERE i.obligation_no = finding.subject) o
      WHERE o.interest_beside_fen IS NOT NULL), '{}')
    ELSE evidence END AS evidence,
  first_run, last_run, assignee
FROM finding;
COMMENT ON VIEW v_finding IS '提示事项 Findings.';
COMMENT ON COLUMN v_finding.finding_id IS 'number of the finding';
COMMENT ON COLUMN v_finding.rule_id IS 'rule that judged';
COMMENT ON COLUMN v_finding.code IS 'name of the finding';
COMMENT ON COLUMN v_finding.subject_kind IS 'quota, obligation or calendar';
COMMENT ON COLUMN v_finding.subject IS 'what it is about: plan/UNIT/YEAR, an obligation number, a year';
COMMENT ON COLUMN v_finding.unit_code IS 'budget unit; district = the whole district';
COMMENT ON COLUMN v_finding.department IS 'department on the as-of day';
COMMENT ON COLUMN v_finding.severity IS 'info, notice, warning or urgent';
COMMENT ON COLUMN v_finding.state IS 'open, acknowledged or closed';
COMMENT ON COLUMN v_finding.episode IS 'how many times it was opened';
COMMENT ON COLUMN v_finding.opened_on IS 'as-of day of the run that opened this episode';
COMMENT ON COLUMN v_finding.changed_on IS 'as-of day of the last change';
COMMENT ON COLUMN v_finding.closed_on IS 'as-of day of the run that closed it';
COMMENT ON COLUMN v_finding.amount_fen IS 'gap or overdue amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_finding.currency IS 'ISO 4217 code';
COMMENT ON COLUMN v_finding.evidence IS 'facts and parameter values it rests on, JSON object';
COMMENT ON COLUMN v_finding.first_run IS 'run that opened it first';
COMMENT ON COLUMN v_finding.last_run IS 'run of the last change';
COMMENT ON COLUMN v_finding.assignee IS 'who was asked to look after it, empty = nobody';
