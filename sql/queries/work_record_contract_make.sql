-- The contracts of these procurements. Made once in a session.
CREATE TEMPORARY TABLE IF NOT EXISTS work_record_contract (
  seq integer NOT NULL, contract_no text NOT NULL, unit_code text NOT NULL, supplier_uscc text NOT NULL,
  PRIMARY KEY (seq, contract_no)
) ON COMMIT DELETE ROWS
