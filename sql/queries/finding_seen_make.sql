-- Where the observations of a run arrive. Made once in a session.
CREATE TEMPORARY TABLE IF NOT EXISTS finding_seen (
  rule_id text NOT NULL, code text NOT NULL, subject_kind text NOT NULL, subject text NOT NULL, unit_code text NOT NULL,
  department text NOT NULL, severity text NOT NULL, amount_fen bigint NOT NULL, currency text NOT NULL,
  print text NOT NULL, evidence jsonb NOT NULL,
  PRIMARY KEY (code, subject_kind, subject)
) ON COMMIT DELETE ROWS
