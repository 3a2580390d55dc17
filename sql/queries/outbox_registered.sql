-- The registration is part of the state that pages show.
UPDATE state_version SET version = version + 1
