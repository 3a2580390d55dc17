-- Statistics after a run that found much: without them the messages about it look up every event for every finding.
ANALYZE finding (finding_id, code, subject_kind, subject, unit_code, state), finding_event (finding_id, seq, run_id)
