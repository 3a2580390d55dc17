-- Ends a run: counts, and the state version that every cached body depends on.
-- $1 run_id, $2 obligations, $3 states written, $4 findings opened, $5 updated, $6 closed, $7 messages
WITH moved AS (
  UPDATE state_version SET version = version + 1 RETURNING version
)
UPDATE check_run SET obligations = $2::bigint, states_written = $3::bigint, findings_opened = $4::bigint,
  findings_updated = $5::bigint, findings_closed = $6::bigint, messages_queued = $7::bigint,
  finished_at = clock_timestamp()
FROM moved
WHERE run_id = $1::bigint
RETURNING moved.version
