DROP VIEW IF EXISTS v_arrears_change;
CREATE VIEW v_arrears_change WITH (security_invoker = true) AS
SELECT (e.at AT TIME ZONE 'Asia/Shanghai')::date AS day, e.at,
  CASE WHEN e.event = 'closed' THEN 'cleared' ELSE 'new' END AS change,
  f.subject AS obligation_no, f.unit_code, f.department, coalesce(b.amount_fen, e.amount_fen) AS before_fen, e.amount_fen,
  e.run_id
FROM finding_event e
  JOIN finding f USING (finding_id)
  LEFT JOIN finding_event b ON b.finding_id = e.finding_id AND b.seq = e.seq - 1
WHERE f.code = 'arrears-overdue' AND e.event IN ('opened', 'reopened', 'closed');
COMMENT ON VIEW v_arrears_change IS '新增与消除 What became suspected overdue, and what no longer is, by the day it was found.';
COMMENT ON COLUMN v_arrears_change.day IS 'the day in Beijing';
COMMENT ON COLUMN v_arrears_change.at IS 'when it was found';
COMMENT ON COLUMN v_arrears_change.change IS 'new or cleared';
COMMENT ON COLUMN v_arrears_change.obligation_no IS 'number of the obligation';
COMMENT ON COLUMN v_arrears_change.unit_code IS 'budget unit';
COMMENT ON COLUMN v_arrears_change.department IS 'department of the unit';
COMMENT ON COLUMN v_arrears_change.before_fen IS 'overdue before, fen';
COMMENT ON COLUMN v_arrears_change.amount_fen IS 'overdue now, fen; 0 when cleared';
COMMENT ON COLUMN v_arrears_change.run_id IS 'run that found it';
