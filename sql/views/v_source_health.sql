-- v_source_health: sources that may have left the checks blind: failing, late, empty, shrunk. The latest pull of each is
-- held against the ones before it, so a source that was always small or slow is no case.
DROP VIEW IF EXISTS v_source_health;
CREATE VIEW v_source_health WITH (security_invoker = true) AS
WITH pull AS (
  SELECT b.source_id, b.batch_id, b.committed_at, b.complete, b.rows_read, b.rows_refused,
    row_number() OVER newest AS age, lead(b.rows_read) OVER newest AS rows_before,
    b.committed_at - lead(b.committed_at) OVER newest AS since_before
  FROM batch b WINDOW newest AS (PARTITION BY b.source_id ORDER BY b.batch_id DESC)
), usual AS (
  SELECT source_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY since_before) AS period
  FROM pull WHERE age <= 10 AND since_before IS NOT NULL GROUP BY source_id
)
SELECT s.name AS source, s.kind, s.last_success_at, s.last_failure_at, s.last_failure, p.batch_id AS last_batch,
  p.rows_read AS last_rows, p.rows_before AS rows_before, p.rows_refused AS last_refused, u.period AS usual_period,
  coalesce(s.last_failure_at > s.last_success_at, s.last_failure_at IS NOT NULL) AS failing,
  coalesce(now() - s.last_success_at > 3 * greatest(u.period, interval '1 minute'), false) AS late,
  coalesce(p.rows_read = 0, false) AS empty,
  coalesce(p.complete AND p.rows_read * 10 < p.rows_before * 7, false) AS shrunk
FROM source s LEFT JOIN pull p ON p.source_id = s.source_id AND p.age = 1 LEFT JOIN usual u ON u.source_id = s.source_id;
COMMENT ON VIEW v_source_health IS '数据来源状况 Sources, and what is wrong with them.';
COMMENT ON COLUMN v_source_health.source IS 'name of the source';
COMMENT ON COLUMN v_source_health.kind IS 'file, http or postgres';
COMMENT ON COLUMN v_source_health.last_success_at IS 'time of the last good pull';
COMMENT ON COLUMN v_source_health.last_failure_at IS 'time of the last failure';
COMMENT ON COLUMN v_source_health.last_failure IS 'its text, one line';
COMMENT ON COLUMN v_source_health.last_batch IS 'number of the last batch';
COMMENT ON COLUMN v_source_health.last_rows IS 'rows read by it';
COMMENT ON COLUMN v_source_health.rows_before IS 'rows read by the one before';
COMMENT ON COLUMN v_source_health.last_refused IS 'rows put into quarantine by the last batch';
COMMENT ON COLUMN v_source_health.usual_period IS 'median time between the last ten batches';
COMMENT ON COLUMN v_source_health.failing IS 'the last attempt failed';
COMMENT ON COLUMN v_source_health.late IS 'no good pull for three usual periods';
COMMENT ON COLUMN v_source_health.empty IS 'the last batch read no rows';
COMMENT ON COLUMN v_source_health.shrunk IS 'it sends everything, and sent less than 70 % of the time before';
