-- Statistics after a first run, so that the next ones are planned with them: of the columns that statements look rows up
-- by, not of the documents beside them.
ANALYZE obligation_state (obligation_no, contract_no, unit_code, supplier_uscc, coverage, status, overdue_fen, overdue_since),
  obligation_group, finding (finding_id, code, subject_kind, subject, unit_code, state), finding_event (finding_id, seq, run_id),
  quota_figure, quota_part
