-- Refusals of this batch, before they are compared with the open ones.
CREATE TEMPORARY TABLE refused (
  seq bigint GENERATED ALWAYS AS IDENTITY, kind text NOT NULL, file text NOT NULL, place bigint NOT NULL,
  field text NOT NULL, value text NOT NULL, code text NOT NULL, reason text NOT NULL, row_text text NOT NULL, row_key uuid
) ON COMMIT DROP
