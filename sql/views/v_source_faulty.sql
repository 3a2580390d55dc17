-- v_source_faulty: a source with its faults, as the finding on it has them: the first hundred, and no more bytes than the
-- evidence of a finding holds.
DROP VIEW IF EXISTS v_source_faulty;
CREATE VIEW v_source_faulty WITH (security_invoker = true) AS
SELECT source, jsonb_agg(jsonb_build_object('fault', fault) || detail ORDER BY fault, detail::text COLLATE "C") AS faults,
  -- What grows by itself (a count of rows, a cause of failure) is no change.
  string_agg(fault || CASE WHEN fault IN ('late', 'no-data', 'empty', 'shrunk', 'conflict') THEN '' ELSE ' ' || md5(detail::text) END, ';'
    ORDER BY fault, detail::text COLLATE "C") AS print
FROM (
  SELECT *, row_number() OVER w AS place, sum(octet_length(detail::text)) OVER w AS bytes
  FROM v_source_fault
  WINDOW w AS (PARTITION BY source ORDER BY fault, detail::text COLLATE "C" ROWS UNBOUNDED PRECEDING)
) f
WHERE place = 1 OR place <= 100 AND bytes <= 40000
GROUP BY source;
COMMENT ON VIEW v_source_faulty IS '数据来源异常 Sources with faults.';
COMMENT ON COLUMN v_source_faulty.source IS 'name of the source';
COMMENT ON COLUMN v_source_faulty.faults IS 'array of {fault, and the members of its detail}';
COMMENT ON COLUMN v_source_faulty.print IS 'equal = nothing that would be told again';
