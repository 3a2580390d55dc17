-- v_proposal: next steps on verified overdue debts, as proposed and decided. A proposal that waits shows the amounts of now,
-- a decided one those of its decision.
DROP VIEW IF EXISTS v_proposal;
CREATE VIEW v_proposal WITH (security_invoker = true) AS
SELECT p.proposal_id, p.step, p.unit_code, coalesce(u.name, '') AS unit_name, p.department, p.state, p.proposed_on,
  p.decided_by, p.reason, p.decided_at, p.lapsed_on, p.told_run IS NOT NULL AS told, r.obligations, r.overdue_fen,
  r.overdue_since, r.rows
FROM proposal p
  LEFT JOIN LATERAL (
    SELECT name FROM unit WHERE unit.unit_code = p.unit_code ORDER BY valid_from DESC NULLS LAST, batch_id DESC LIMIT 1
  ) u ON true
  CROSS JOIN LATERAL (
    SELECT count(*) AS obligations, least(coalesce(sum(d.fen), 0), 9223372036854775807)::bigint AS overdue_fen,
      min(d.since) AS overdue_since,
      coalesce(json_agg(json_build_object('obligation_no', d.obligation_no, 'overdue_since', d.since, 'overdue_fen', d.fen,
        'reviewer', d.reviewer) ORDER BY d.fen DESC, d.obligation_no COLLATE "C"), '[]') AS rows
    FROM (
      SELECT r.obligation_no, w.reviewer,
        CASE WHEN p.state = 'proposed' THEN coalesce(s.overdue_fen, r.overdue_fen) ELSE r.overdue_fen END AS fen,
        CASE WHEN p.state = 'proposed' THEN coalesce(s.overdue_since, r.overdue_since) ELSE r.overdue_since END AS since
      FROM proposal_row r JOIN obligation_review w USING (review_id)
        LEFT JOIN obligation_state s ON s.obligation_no = r.obligation_no
      WHERE r.proposal_id = p.proposal_id AND r.left_on IS NULL
    ) d
  ) r;
COMMENT ON VIEW v_proposal IS '拟办建议 Next steps on verified overdue debts: proposed by a run, decided by a person.';
COMMENT ON COLUMN v_proposal.proposal_id IS 'number of the proposal';
COMMENT ON COLUMN v_proposal.step IS 'interview (约谈), supervise (督办) or report (通报)';
COMMENT ON COLUMN v_proposal.unit_code IS 'unit that owes';
COMMENT ON COLUMN v_proposal.unit_name IS 'its latest name';
COMMENT ON COLUMN v_proposal.department IS 'its department when it was proposed';
COMMENT ON COLUMN v_proposal.state IS 'proposed, confirmed, declined or lapsed';
COMMENT ON COLUMN v_proposal.proposed_on IS 'as-of day of the run that proposed it';
COMMENT ON COLUMN v_proposal.decided_by IS 'who decided';
COMMENT ON COLUMN v_proposal.reason IS 'in that person''s words';
COMMENT ON COLUMN v_proposal.decided_at IS 'when';
COMMENT ON COLUMN v_proposal.lapsed_on IS 'day on which no row of it was left';
COMMENT ON COLUMN v_proposal.told IS 'the decision has become a message';
COMMENT ON COLUMN v_proposal.obligations IS 'debts in it';
COMMENT ON COLUMN v_proposal.overdue_fen IS 'their overdue amount, fen';
COMMENT ON COLUMN v_proposal.overdue_since IS 'oldest due day';
COMMENT ON COLUMN v_proposal.rows IS 'the debts, JSON array, largest first';
