-- Rights of the roles, given again whenever views were made again. Does nothing for a role that does not exist.
-- The v_ views run with the reader's own rights (security_invoker), so a reader needs the tables below them as well;
-- tables that hold secrets stay closed to it.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'setaside_daemon') THEN
    GRANT USAGE ON SCHEMA setaside TO setaside_daemon;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA setaside TO setaside_daemon;
    REVOKE INSERT, UPDATE, DELETE ON setaside.schema_migration, setaside.schema_view FROM setaside_daemon;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA setaside TO setaside_daemon;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA setaside TO setaside_daemon;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'setaside_read') THEN
    GRANT USAGE ON SCHEMA setaside TO setaside_read;
    GRANT SELECT ON ALL TABLES IN SCHEMA setaside TO setaside_read;
    REVOKE ALL ON setaside.installation FROM setaside_read;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA setaside TO setaside_read;
  END IF;
END
$$;
