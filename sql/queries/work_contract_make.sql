-- The contracts of the groups by number: what amendments, obligations and payments are joined with. Made once in a session.
CREATE TEMPORARY TABLE IF NOT EXISTS work_contract (seq integer NOT NULL, contract_no text NOT NULL) ON COMMIT DELETE ROWS
