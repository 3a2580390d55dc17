-- One finding with evidence, life (oldest first) and the messages that told of it. $1 finding id as text.
SELECT f.finding_id, f.rule_id, f.code, f.subject_kind, f.subject, f.unit_code, f.department, f.severity, f.state, f.episode,
       f.opened_on, f.changed_on, f.closed_on, f.amount_fen, f.currency, f.evidence::text,
       (SELECT coalesce(json_agg(json_build_object('seq', e.seq, 'event', e.event, 'at', e.at, 'actor', e.actor,
                                                   'amount_fen', e.amount_fen, 'reason', CASE WHEN e.run_id IS NULL THEN e.evidence ->> 'reason' END,
                                                   'to', CASE WHEN e.run_id IS NULL THEN e.evidence ->> 'to' END,
                                                   'until', CASE WHEN e.run_id IS NULL THEN e.evidence ->> 'until' END)
                                 ORDER BY e.seq), '[]')::text
          FROM v_finding_event e WHERE e.finding_id = f.finding_id),
       (SELECT coalesce(json_agg(json_build_object('ref', m.ref, 'channel', m.channel, 'recipient', m.recipient, 'state', m.state,
                                                   'event_seq', l.event_seq) ORDER BY m.message_id), '[]')::text
          FROM v_message_finding l JOIN v_message m USING (message_id) WHERE l.finding_id = f.finding_id),
       f.assignee
  FROM v_finding f
 WHERE f.finding_id = CASE WHEN $1 ~ '^[0-9]{1,18}$' THEN $1::bigint END
