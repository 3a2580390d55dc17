-- As incoming_analyze.sql.
ANALYZE gone
