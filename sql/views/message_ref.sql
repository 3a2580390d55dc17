-- message_ref(day): the reference of the next message, A-YYYYMMDD-NNNNNN. The number counts all messages and grows past
-- six digits when it must: a shortened one would come twice.
DROP FUNCTION IF EXISTS message_ref(date);
CREATE FUNCTION message_ref(day date) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT 'A-' || to_char(day, 'YYYYMMDD') || '-' || lpad(n::text, greatest(6, length(n::text)), '0')
  FROM nextval('message_ref_seq') AS n
$$;
COMMENT ON FUNCTION message_ref(date) IS 'the reference of the next message; never given twice';
