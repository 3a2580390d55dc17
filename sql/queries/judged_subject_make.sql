-- The records that a look judged completely, when it judged some of them only. Made once in a session.
CREATE TEMPORARY TABLE IF NOT EXISTS judged_subject (
  subject text NOT NULL, subject_kind text NOT NULL, PRIMARY KEY (subject, subject_kind)
) ON COMMIT DELETE ROWS
