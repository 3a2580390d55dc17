-- Whether the dead-man's address may be asked: empty, or why not. Not while something has been wrong for two minutes of which
-- nobody was told: no message about it has arrived, and none waits for the end of quiet hours, a digest or a silence.
-- Nor by a program that only stands by: the sender's own calls are what is listened for.
SELECT CASE WHEN sender_is_another() THEN 'another session sends'
  ELSE coalesce((
    SELECT 'nobody was told of the fault: ' || concat_ws(' ', f.fault, nullif(f.subject, ''))
    FROM monitor_fault f
    WHERE f.opened_at < now() - interval '2 minutes'
      AND NOT EXISTS (
        SELECT FROM message m LEFT JOIN message d ON d.message_id = m.superseded_by
        WHERE m.case_key = 'monitor/' || f.fault || CASE WHEN f.subject <> '' THEN '/' || f.subject ELSE '' END
          AND m.created_at >= f.opened_at
          AND (m.state = 'acknowledged' OR m.state = 'superseded' AND d.state = 'acknowledged'
            OR m.state = 'queued' AND m.next_try_at > now()))
    ORDER BY f.opened_at, f.fault, f.subject
    LIMIT 1), '') END
