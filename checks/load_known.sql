-- Which ledger is read. One row: batch, its commit time, the state version of this snapshot, whether the data are a
-- demonstration, the jurisdiction's Chinese name. No row: the jurisdiction is not known.
-- $1 a time or null, $2 a batch number used when $1 is null (below 0: the latest), $3 jurisdiction
SELECT k.known, (SELECT to_char(b.committed_at, 'YYYY-MM-DD"T"HH24:MI:SS.USTZH:TZM') FROM v_batch b WHERE b.batch_id = k.known),
  (SELECT version FROM v_state_version), (SELECT demonstration FROM v_installation), j.name_zh
FROM v_jurisdiction j
  CROSS JOIN LATERAL (
    SELECT CASE WHEN $1::text IS NOT NULL THEN known_batch_at($1::timestamptz)
      WHEN $2::bigint < 0 THEN known_batch_at('infinity')
      ELSE (SELECT coalesce(max(batch_id), 0) FROM v_batch WHERE batch_id <= $2::bigint) END AS known
  ) k
WHERE j.code = $3::text
