-- Summaries of what loads brought since the last vacuum, so that the search for rows of later batches skips the rest of the
-- ledger (indexes ..._batch of 0001_ledger.sql). Next to nothing where everything is summarized.
SELECT brin_summarize_new_values(c.oid)
FROM pg_class c JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.amname = 'brin' AND c.relkind = 'i' AND n.nspname = current_schema() AND c.relname LIKE '%\_batch'
