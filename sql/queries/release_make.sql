-- What the releases of this batch are, and when organisations were named in them, before it is kept.
CREATE TEMPORARY TABLE released (
  process uuid NOT NULL, release bigint NOT NULL, released_at bigint NOT NULL, file_no integer NOT NULL, place bigint NOT NULL,
  bytes integer NOT NULL, print bigint NOT NULL, rows_given integer NOT NULL
) ON COMMIT DROP
