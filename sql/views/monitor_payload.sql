-- monitor_payload(…): the payload of a message on the program itself (alerts/payload.h).
DROP FUNCTION IF EXISTS monitor_payload(text, text, text, jsonb, text);
CREATE FUNCTION monitor_payload(event text, case_key text, severity text, monitor jsonb, program text) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('type', 'sme.monitor.state', 'event', event,
    'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'as_of', to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), 'case', case_key, 'severity', severity,
    'rules', jsonb_build_array('M-1'), 'demonstration', i.demonstration,
    'unit', jsonb_build_object('code', 'district', 'name', ''), 'findings', '[]'::jsonb, 'program', program,
    'coverage', coalesce((SELECT jsonb_build_object('known_batch', r.known_batch) FROM check_run r ORDER BY r.run_id DESC
      LIMIT 1), '{}'::jsonb),
    'monitor', monitor)
  FROM (SELECT coalesce((SELECT demonstration FROM installation LIMIT 1), false) AS demonstration) i
$$;
COMMENT ON FUNCTION monitor_payload(text, text, text, jsonb, text) IS 'payload of a message on the program itself';
