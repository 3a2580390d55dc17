-- One message and its tries, as one JSON object. $1 = reference or number.
SELECT json_build_object(
         'ref', m.ref, 'message_id', m.message_id, 'case', m.case_key, 'event', m.event, 'rule', m.rule_id,
         'severity', m.severity, 'unit', m.unit_code, 'channel', m.channel, 'recipient', m.recipient, 'state', m.state,
         'attempts', m.attempts, 'created_at', m.created_at, 'next_try_at', m.next_try_at, 'maybe_sent', m.maybe_sent,
         'last_class', m.last_class, 'last_answer', m.last_answer,
         'deliveries', (SELECT coalesce(json_agg(json_build_object(
                                 'attempt', d.attempt, 'started_at', d.started_at, 'finished_at', d.finished_at,
                                 'bytes', d.bytes, 'class', d.class, 'answer', d.answer) ORDER BY d.attempt), '[]')
                          FROM delivery d WHERE d.message_id = m.message_id),
         'replays', (SELECT coalesce(json_agg(json_build_object(
                              'at', r.at, 'person', r.person, 'reason', r.reason, 'state_before', r.state_before) ORDER BY r.at), '[]')
                       FROM message_replay r WHERE r.message_id = m.message_id),
         'payload', m.payload)::text
  FROM message m
 WHERE m.ref = $1 OR m.message_id::text = $1
