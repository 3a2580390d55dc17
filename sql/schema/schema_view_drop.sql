-- Drops every view and every function of schema setaside: all of them come from sql/views and are made again.
-- Refuses when an object outside the schema depends on one, instead of dropping it along.
DO $$
DECLARE
  outsiders text;
  views text[];
  routines text[];
  one text;
BEGIN
  SELECT string_agg(DISTINCT r.ev_class::regclass::text, ', ') INTO outsiders
  FROM pg_depend AS d
  JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
  JOIN pg_class AS user_view ON user_view.oid = r.ev_class
  LEFT JOIN pg_class AS c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid AND c.relkind IN ('v', 'm')
  LEFT JOIN pg_proc AS p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
  WHERE user_view.relnamespace <> 'setaside'::regnamespace
    AND (c.relnamespace = 'setaside'::regnamespace OR p.pronamespace = 'setaside'::regnamespace);
  IF outsiders IS NOT NULL THEN
    RAISE EXCEPTION 'views outside the schema depend on views of setaside: %', outsiders
      USING HINT = 'Drop them, migrate, and make them again.';
  END IF;

  SELECT array_agg(format('%s %s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, c.oid::regclass))
  INTO views
  FROM pg_class AS c
  WHERE c.relnamespace = 'setaside'::regnamespace AND c.relkind IN ('v', 'm')
    AND NOT EXISTS (SELECT FROM pg_depend AS d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e');
  FOREACH one IN ARRAY coalesce(views, '{}') LOOP
    EXECUTE format('DROP %s CASCADE', replace(one, 'VIEW ', 'VIEW IF EXISTS '));
  END LOOP;

  SELECT array_agg(p.oid::regprocedure::text) INTO routines
  FROM pg_proc AS p
  WHERE p.pronamespace = 'setaside'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend AS d
      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e');
  FOREACH one IN ARRAY coalesce(routines, '{}') LOOP
    EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', one);
  END LOOP;
END
$$;
