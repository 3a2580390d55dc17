-- The procurements whose records a look judges, numbered: a project of whatever units, a contract without one, or the budget
-- rows of a unit that name none. Made once in a session.
CREATE TEMPORARY TABLE IF NOT EXISTS work_record (
  seq integer PRIMARY KEY, project_code text NOT NULL, contract_no text NOT NULL, unit_code text NOT NULL
) ON COMMIT DELETE ROWS
