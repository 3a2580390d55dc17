-- sender_lock(): one sender of messages for each database. The first session that asks holds the lock to its end; then
-- and at every later call the answer is empty, for any other session it is who holds it. Held already it costs a count,
-- no table and no shared memory: every lease asks, so that a session that came again cannot lease beside another sender.
DROP FUNCTION IF EXISTS sender_lock();
CREATE FUNCTION sender_lock() RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN NOT pg_try_advisory_lock(831172027) THEN coalesce(
    (SELECT format('the session %s of %s, process %s, since %s', a.application_name, coalesce(host(a.client_addr), 'this host'),
                   a.pid, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS'))
     FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = 831172027 AND l.objsubid = 1
       AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
     LIMIT 1), 'a session that has just ended')
  ELSE '' END
$$;
COMMENT ON FUNCTION sender_lock() IS 'takes the one sender''s lock for this session; who holds it, or empty';
-- sender_is_another(): whether another session holds it; asks without taking it.
DROP FUNCTION IF EXISTS sender_is_another();
CREATE FUNCTION sender_is_another() RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT EXISTS (SELECT FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = 831172027 AND l.objsubid = 1
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
      AND l.pid <> pg_backend_pid())
$$;
COMMENT ON FUNCTION sender_is_another() IS 'another session is the sender of this database''s messages';
