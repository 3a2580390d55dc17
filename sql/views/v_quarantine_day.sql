-- v_quarantine_day: refused rows per source and day: how many came, how many were settled, how many are open at its end.
DROP VIEW IF EXISTS v_quarantine_day;
CREATE VIEW v_quarantine_day WITH (security_invoker = true) AS
WITH moved AS (
  SELECT b.source_id, (b.committed_at AT TIME ZONE 'Asia/Shanghai')::date AS day, 1 AS came, 0 AS settled
  FROM quarantine q JOIN batch b USING (batch_id)
  UNION ALL
  SELECT b.source_id, (coalesce(a.at, r.committed_at) AT TIME ZONE 'Asia/Shanghai')::date, 0, 1
  FROM quarantine q JOIN batch b USING (batch_id) JOIN batch r ON r.batch_id = q.resolved_batch
  CROSS JOIN LATERAL (
    SELECT max(a.at) AS at FROM quarantine_act a
    WHERE a.quarantine_id = q.quarantine_id AND (a.what = 'settled' OR a.batch_id IS NOT NULL)) a
), day AS (
  SELECT source_id, day, sum(came) AS came, sum(settled) AS settled FROM moved GROUP BY source_id, day
)
SELECT s.name AS source, d.day, d.came::bigint, d.settled::bigint,
  (sum(d.came - d.settled) OVER (PARTITION BY d.source_id ORDER BY d.day))::bigint AS open
FROM day d JOIN source s USING (source_id);
COMMENT ON VIEW v_quarantine_day IS '待更正数据 Refused rows per source and day.';
COMMENT ON COLUMN v_quarantine_day.source IS 'name of the source';
COMMENT ON COLUMN v_quarantine_day.day IS 'Beijing day';
COMMENT ON COLUMN v_quarantine_day.came IS 'rows refused on it';
COMMENT ON COLUMN v_quarantine_day.settled IS 'rows settled on it, by batches or people';
COMMENT ON COLUMN v_quarantine_day.open IS 'rows that are open at its end';
