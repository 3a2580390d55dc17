-- One row: what the figures of the last evaluation rest on, and the headline of suspected overdue payments (CNY).
-- Amounts in fen, days in calendar days.
SELECT i.demonstration,
       r.as_of,
       r.run_id,
       r.program,
       to_char(r.finished_at, 'YYYY-MM-DD"T"HH24:MI:SSOF') AS evaluated_at,
       r.known_batch,
       coalesce((SELECT to_char(b.committed_at, 'YYYY-MM-DD"T"HH24:MI:SSOF') FROM v_batch b WHERE b.batch_id = r.known_batch), '')
         AS known_at,
       s.overdue_obligations,
       s.overdue_contracts,
       s.overdue_fen,
       s.max_overdue_days,
       s.undated_obligations,
       s.unknown_size_obligations,
       (SELECT count(*) FROM v_quarantine q WHERE q.resolved_batch IS NULL) AS quarantined_rows,
       (SELECT count(*) FROM v_message m WHERE m.state IN ('queued', 'sending', 'retry', 'unknown')) AS waiting_messages
  FROM v_installation i
  LEFT JOIN LATERAL (SELECT * FROM v_check_run ORDER BY run_id DESC LIMIT 1) r ON true
 CROSS JOIN LATERAL (
   SELECT count(*) FILTER (WHERE coverage = 'covered' AND status = 'overdue') AS overdue_obligations,
          count(DISTINCT contract_no) FILTER (WHERE coverage = 'covered' AND status = 'overdue') AS overdue_contracts,
          coalesce(sum(overdue_fen) FILTER (WHERE coverage = 'covered'), 0) AS overdue_fen,
          coalesce(max(r.as_of - overdue_since) FILTER (WHERE coverage = 'covered' AND status = 'overdue'), 0) AS max_overdue_days,
          count(*) FILTER (WHERE status IN ('data-missing', 'clock-not-started', 'calendar-missing')) AS undated_obligations,
          count(*) FILTER (WHERE coverage = 'unknown-size') AS unknown_size_obligations
     FROM v_obligation_state
    WHERE currency = 'CNY') s
