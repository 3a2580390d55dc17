-- Where the migrator keeps what it did. Runs before every look; changes nothing when it is there.
CREATE SCHEMA IF NOT EXISTS setaside;
CREATE TABLE IF NOT EXISTS setaside.schema_migration (
  number integer PRIMARY KEY,
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  program text NOT NULL
);
CREATE TABLE IF NOT EXISTS setaside.schema_view (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  sha256 text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  program text NOT NULL
);
INSERT INTO setaside.schema_view (sha256, program) VALUES ('', '') ON CONFLICT DO NOTHING;
