-- Keys whose current version this batch replaces.
CREATE TEMPORARY TABLE delta (kind smallint NOT NULL, key uuid NOT NULL) ON COMMIT DROP
