-- silence_end(case_key, at): when the silence about a case ends, `at` when there is none.
DROP FUNCTION IF EXISTS silence_end(text, timestamptz);
CREATE FUNCTION silence_end(wanted text, at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT max(ends_at) FROM silence WHERE case_key = wanted AND ends_at > at), at)
$$;
COMMENT ON FUNCTION silence_end(text, timestamptz) IS 'when messages of the case may leave again';
