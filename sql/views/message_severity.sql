-- severity_rank(severity): 1 info, 2 notice, 3 warning, 4 urgent; severity_of(rank): the word again. So the gravest of several
-- is severity_of(max(severity_rank(severity))).
DROP FUNCTION IF EXISTS severity_rank(text);
CREATE FUNCTION severity_rank(severity text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_position(ARRAY['info', 'notice', 'warning', 'urgent'], severity)
$$;
COMMENT ON FUNCTION severity_rank(text) IS 'rank of a severity, the gravest is the greatest';
DROP FUNCTION IF EXISTS severity_of(integer);
CREATE FUNCTION severity_of(rank integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (ARRAY['info', 'notice', 'warning', 'urgent'])[rank]
$$;
COMMENT ON FUNCTION severity_of(integer) IS 'severity of a rank';
