COPY finding_seen (rule_id, code, subject_kind, subject, unit_code, department, severity, amount_fen, currency, print,
  evidence) FROM STDIN WITH (FORMAT binary)
