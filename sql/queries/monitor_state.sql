-- What the status page and the metrics say of the ledger, in one row: state version, last batch, end of the last
-- evaluation (Unix seconds), messages that still have to leave.
SELECT (SELECT version FROM state_version),
       (SELECT coalesce(max(batch_id), 0) FROM batch),
       (SELECT coalesce(extract(epoch FROM max(finished_at))::bigint, 0) FROM check_run WHERE part = 'law'),
       (SELECT count(*) FROM message WHERE state IN ('queued', 'sending', 'retry', 'unknown'))
