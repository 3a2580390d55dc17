-- v_source_fault: what is wrong with a source of the configuration, one row for each fault. The checks are blind where
-- their sources are, so each source with faults is a finding (v_source_faulty).
--
-- Its last batch is held against those of the seven days before it, at least against the one before it, and against none
-- older than the batch that a person accepted (source.accepted_batch): the row count against the largest of them, the rest
-- against the oldest. A fault ends when the source is again as it was, when a person accepts it, or with those days.
DROP VIEW IF EXISTS v_source_fault;
CREATE VIEW v_source_fault WITH (security_invoker = true) AS
WITH last AS (
  SELECT s.source_id, s.accepted_batch, b.batch_id, b.committed_at, b.complete, b.rows_read - b.rows_skipped AS rows, b.profile
  FROM source s CROSS JOIN LATERAL (
    SELECT * FROM batch b WHERE b.source_id = s.source_id ORDER BY b.batch_id DESC LIMIT 1) b
  WHERE s.watched
), before AS (
  SELECT l.source_id, min(b.batch_id) AS oldest, max(b.rows_read - b.rows_skipped) AS most
  FROM last l JOIN batch b ON b.source_id = l.source_id AND b.batch_id < l.batch_id AND b.batch_id >= l.accepted_batch
  WHERE b.rows_read > 0 AND (b.committed_at > l.committed_at - interval '7 days' OR b.batch_id = (
    SELECT max(p.batch_id) FROM batch p WHERE p.source_id = l.source_id AND p.batch_id < l.batch_id AND p.rows_read > 0))
  GROUP BY l.source_id
), part AS (
  -- One record kind of the last batch beside the same kind of the oldest one.
  SELECT l.source_id, k.kind, k.profile AS cur, o.profile -> k.kind AS old
  FROM last l CROSS JOIN LATERAL jsonb_each(l.profile) AS k (kind, profile)
  LEFT JOIN before b USING (source_id) LEFT JOIN batch o ON o.batch_id = b.oldest
  WHERE l.rows > 0
), header AS (
  SELECT p.source_id, p.kind,
    (SELECT coalesce(jsonb_agg(h), '[]') FROM (
      SELECT h FROM jsonb_array_elements_text(p.cur -> 'header') h WHERE NOT p.old -> 'header' ? h LIMIT 20) t) AS more,
    (SELECT coalesce(jsonb_agg(h), '[]') FROM (
      SELECT h FROM jsonb_array_elements_text(p.old -> 'header') h WHERE NOT p.cur -> 'header' ? h LIMIT 20) t) AS fewer
  FROM part p WHERE p.old IS NOT NULL
), amount AS (
  SELECT p.source_id, p.kind, a.name, (a.cur ->> 'log2')::integer - (p.old #>> ARRAY['amounts', a.name, 'log2'])::integer AS powers
  FROM part p CROSS JOIN LATERAL jsonb_each(p.cur -> 'amounts') AS a (name, cur)
  WHERE (a.cur ->> 'n')::bigint >= 5 AND (p.old #>> ARRAY['amounts', a.name, 'n'])::bigint >= 5
), code AS (
  SELECT p.source_id, p.kind, c.name, (p.old #>> ARRAY['codes', c.name, 'zeros'])::bigint AS zeros
  FROM part p CROSS JOIN LATERAL jsonb_each(p.cur -> 'codes') AS c (name, cur)
  WHERE (c.cur ->> 'n')::bigint >= 5 AND (c.cur ->> 'zeros')::bigint = 0
    AND (p.old #>> ARRAY['codes', c.name, 'n'])::bigint >= 5
    AND (p.old #>> ARRAY['codes', c.name, 'zeros'])::bigint * 5 >= (p.old #>> ARRAY['codes', c.name, 'n'])::bigint
), fault AS (
  SELECT s.source_id, 'late' AS fault, jsonb_build_object('since', to_char(coalesce(s.last_success_at, s.watched_since)
      AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'), 'why', left(s.last_failure, 300)) AS detail
  FROM source s
  WHERE now() - coalesce(s.last_success_at, s.watched_since) > s.late_after_ms * interval '1 millisecond'
    AND (now() - s.watch_started_at > s.late_after_ms * interval '1 millisecond' OR EXISTS (
      SELECT FROM finding f WHERE f.code = 'source-health' AND f.subject = s.name AND f.state <> 'closed'
        AND f.evidence -> 'faults' @> '[{"fault": "late"}]'))
  UNION ALL
  SELECT s.source_id, 'no-data', jsonb_build_object('since', to_char(coalesce(d.at, s.watched_since)
      AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'))
  FROM source s CROSS JOIN LATERAL (
    SELECT max(b.committed_at) AS at FROM batch b WHERE b.source_id = s.source_id AND b.rows_read > 0) d
  WHERE now() - coalesce(d.at, s.watched_since) > s.data_within_ms * interval '1 millisecond'
  UNION ALL
  SELECT s.source_id, 'empty', jsonb_build_object('before', coalesce(b.most, 0))
  FROM source s JOIN last l USING (source_id) LEFT JOIN before b USING (source_id)
  WHERE l.rows = 0 AND NOT s.may_be_empty AND l.batch_id > s.accepted_batch
  UNION ALL
  SELECT s.source_id, 'shrunk', jsonb_build_object('before', b.most, 'now', l.rows)
  FROM source s JOIN last l USING (source_id) JOIN before b USING (source_id)
  WHERE l.complete AND l.rows > 0 AND l.rows * 100 < b.most * (100 - s.shrink_percent)
  UNION ALL
  SELECT source_id, 'columns', jsonb_build_object('kind', kind, 'more', more, 'fewer', fewer)
  FROM header WHERE more <> '[]' OR fewer <> '[]'
  UNION ALL
  SELECT source_id, 'unit-suspect', jsonb_build_object('kind', kind, 'column', name, 'powers', powers)
  FROM amount WHERE abs(powers) >= 10
  UNION ALL
  SELECT source_id, 'zeros-lost', jsonb_build_object('kind', kind, 'column', name, 'before', zeros) FROM code
  UNION ALL
  SELECT p.source_id, 'totals', jsonb_build_object('kind', p.kind) || t.line
  FROM part p JOIN last l USING (source_id) CROSS JOIN LATERAL jsonb_array_elements(p.cur -> 'totals') AS t (line)
  WHERE l.batch_id > l.accepted_batch
  UNION ALL
  SELECT p.source_id, 'unread-sheet', jsonb_build_object('kind', p.kind, 'file', u ->> 'file', 'more', jsonb_agg(u ->> 'part'))
  FROM part p JOIN last l USING (source_id) CROSS JOIN LATERAL jsonb_array_elements(p.cur -> 'unread') AS u
  WHERE l.batch_id > l.accepted_batch
  GROUP BY p.source_id, p.kind, u ->> 'file'
  UNION ALL
  SELECT s.source_id, 'unread-file', h FROM source s CROSS JOIN LATERAL jsonb_array_elements(s.held) AS h
  UNION ALL
  SELECT source_id, 'ahead', jsonb_build_object('since', left(ahead, 19)) FROM source WHERE ahead <> ''
  UNION ALL
  SELECT source_id, 'conflict', jsonb_build_object('now', count(*)) FROM organisation_conflict GROUP BY source_id
)
SELECT s.source_id, s.name AS source, f.fault, f.detail
FROM fault f JOIN source s USING (source_id)
WHERE s.watched;
COMMENT ON VIEW v_source_fault IS '数据来源异常 What is wrong with the configured sources, one row for each fault.';
COMMENT ON COLUMN v_source_fault.source_id IS 'number of the source';
COMMENT ON COLUMN v_source_fault.source IS 'name of the source';
COMMENT ON COLUMN v_source_fault.fault IS 'late, no-data, empty, shrunk, columns, unit-suspect (the median amount is another by 2^10 or more), zeros-lost (codes began with a zero), totals (a totals line does not add up), conflict (units or suppliers that a source of greater authority describes otherwise), unread-sheet (more: sheets of a workbook that hold something and were not read), unread-file (it stands in the drop folder and cannot be taken), ahead (a row is stamped in the future, and a pull cannot begin behind it)';
COMMENT ON COLUMN v_source_fault.detail IS 'since, why; before, now (rows); kind, column; more, fewer (headers); powers (of two); file, row, stated_fen, taken_fen; file, why';
