-- Listens to the channels that the session variable setaside.listen names.
DO $$
DECLARE
  channel text;
BEGIN
  FOREACH channel IN ARRAY string_to_array(current_setting('setaside.listen'), ',') LOOP
    EXECUTE format('LISTEN %I', channel);
  END LOOP;
END
$$
