DROP VIEW IF EXISTS v_obligation_review;
CREATE VIEW v_obligation_review WITH (security_invoker = true) AS
SELECT r.review_id, r.obligation_no, r.verdict, r.reviewer, r.note, r.reviewed_at,
  (r.reviewed_at AT TIME ZONE 'Asia/Shanghai')::date AS reviewed_on, r.overdue_since, r.overdue_fen,
  NOT EXISTS (
    SELECT FROM obligation_review o WHERE o.obligation_no = r.obligation_no AND o.review_id > r.review_id
  ) AS latest
FROM obligation_review r;
COMMENT ON VIEW v_obligation_review IS '核实记录 What people said of suspected overdue debts, and what they saw.';
COMMENT ON COLUMN v_obligation_review.review_id IS 'number of the review';
COMMENT ON COLUMN v_obligation_review.obligation_no IS 'number of the obligation';
COMMENT ON COLUMN v_obligation_review.verdict IS 'verified, contested, not-paid, refuted or withdrawn';
COMMENT ON COLUMN v_obligation_review.reviewer IS 'who looked';
COMMENT ON COLUMN v_obligation_review.note IS 'in the reviewer''s words';
COMMENT ON COLUMN v_obligation_review.reviewed_at IS 'when';
COMMENT ON COLUMN v_obligation_review.reviewed_on IS 'the day in Beijing';
COMMENT ON COLUMN v_obligation_review.overdue_since IS 'oldest due day that the reviewer saw';
COMMENT ON COLUMN v_obligation_review.overdue_fen IS 'overdue amount that the reviewer saw, fen';
COMMENT ON COLUMN v_obligation_review.latest IS 'no later review of the same obligation';
