-- message_amount(payload): the sum that a message is about, by which routes and digests weigh it: what is overdue, else the
-- largest gap; null where it is about neither. In fen.
DROP FUNCTION IF EXISTS message_amount(jsonb);
CREATE FUNCTION message_amount(payload jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce((payload #>> '{arrears,overdue_fen}')::bigint,
    (SELECT max((r ->> 'gap_fen')::bigint) FROM jsonb_array_elements(payload #> '{quota,rows}') AS r))
$$;
COMMENT ON FUNCTION message_amount(jsonb) IS 'sum that a message is about, fen';
