-- v_obligation_standing: where every covered overdue debt stands with people, by the states of the last run and the reviews
-- as they are now (checks/review.h, the same in C). A review holds while no more and nothing earlier is overdue than its
-- writer saw.
DROP VIEW IF EXISTS v_obligation_standing;
CREATE VIEW v_obligation_standing WITH (security_invoker = true) AS
SELECT s.obligation_no, s.contract_no, s.unit_code, s.department, s.supplier_uscc, s.overdue_since, s.overdue_fen, s.disputed_fen, s.as_of,
  CASE
    WHEN r.verdict IN ('verified', 'contested', 'refuted') THEN r.verdict
    WHEN r.verdict IS DISTINCT FROM 'not-paid' AND EXISTS (
      SELECT FROM finding f
      WHERE f.code = 'arrears-maybe-paid' AND f.subject_kind = 'obligation' AND f.subject = s.obligation_no
        AND f.state <> 'closed') THEN 'maybe-paid'
    WHEN 'contested' = ANY (s.flags) THEN 'contested'
    ELSE 'suspected'
  END AS standing,
  r.review_id, coalesce(r.verdict, '') AS verdict, coalesce(r.reviewer, '') AS reviewer, coalesce(r.note, '') AS note,
  r.reviewed_at
FROM obligation_state s
  LEFT JOIN LATERAL (
    SELECT * FROM obligation_review o WHERE o.obligation_no = s.obligation_no ORDER BY o.review_id DESC LIMIT 1
  ) r ON r.verdict <> 'withdrawn' AND s.overdue_since >= r.overdue_since AND s.overdue_fen <= r.overdue_fen
WHERE s.coverage = 'covered' AND s.overdue_fen > 0;
COMMENT ON VIEW v_obligation_standing IS '核实状态 Where overdue debts stand: suspected, maybe-paid, contested, verified, refuted.';
COMMENT ON COLUMN v_obligation_standing.obligation_no IS 'number of the obligation';
COMMENT ON COLUMN v_obligation_standing.contract_no IS 'contract number';
COMMENT ON COLUMN v_obligation_standing.unit_code IS 'unit that owes';
COMMENT ON COLUMN v_obligation_standing.department IS 'its department on the as-of day';
COMMENT ON COLUMN v_obligation_standing.supplier_uscc IS 'code of the creditor';
COMMENT ON COLUMN v_obligation_standing.overdue_since IS 'due day of the oldest overdue part';
COMMENT ON COLUMN v_obligation_standing.overdue_fen IS 'past its due day, fen';
COMMENT ON COLUMN v_obligation_standing.disputed_fen IS 'in dispute, fen';
COMMENT ON COLUMN v_obligation_standing.as_of IS 'day of the amounts';
COMMENT ON COLUMN v_obligation_standing.standing IS 'suspected, maybe-paid, contested, verified or refuted';
COMMENT ON COLUMN v_obligation_standing.review_id IS 'the review that holds; null = none';
COMMENT ON COLUMN v_obligation_standing.verdict IS 'its verdict; empty = none holds';
COMMENT ON COLUMN v_obligation_standing.reviewer IS 'who wrote it';
COMMENT ON COLUMN v_obligation_standing.note IS 'in the reviewer''s words';
COMMENT ON COLUMN v_obligation_standing.reviewed_at IS 'when';
