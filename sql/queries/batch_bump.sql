-- A committed change: every cached body is out of date.
UPDATE state_version SET version = version + 1
