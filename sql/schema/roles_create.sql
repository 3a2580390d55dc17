-- The two roles of an installation. They hold no password: access is by peer authentication or what the operator sets.
--   setaside_daemon  the program: reads and writes rows, owns nothing, changes no table
--   setaside_read    people and other programs: reads the v_ views
-- Roles belong to the whole cluster, so another database's migrator may make them at the same moment.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'setaside_daemon') THEN
    CREATE ROLE setaside_daemon LOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'setaside_read') THEN
    CREATE ROLE setaside_read LOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
