-- Settings of a session on a source database: only those that this server version knows are set.
-- $1: statement_timeout with unit. One row per setting; default_transaction_read_only must be among them.
SELECT s.name, set_config(s.name, w.value, false)
FROM (VALUES
  ('default_transaction_read_only', 'on'),
  ('statement_timeout', $1),
  ('lock_timeout', '20s'),
  ('idle_in_transaction_session_timeout', '15min'),
  ('client_connection_check_interval', '10s'),
  ('TimeZone', 'Asia/Shanghai'),
  ('DateStyle', 'ISO, YMD'),
  ('bytea_output', 'hex')
) AS w (name, value)
JOIN pg_catalog.pg_settings AS s ON s.name = w.name
