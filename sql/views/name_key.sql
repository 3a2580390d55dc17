-- name_key(name): what two spellings of one name have in common: width and case folded, blanks and dots dropped. Good for a
-- proposal, never for a match.
CREATE OR REPLACE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(lower(normalize(name, NFKC)), '[[:space:]·.,、。]', '', 'g')
$$;
COMMENT ON FUNCTION name_key(text) IS 'equal for spellings of one name';
