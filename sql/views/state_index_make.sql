-- state_index_make(): makes the indexes of obligation_state and contract_paid where they are missing. They are made after the
-- rows of a first run, because a sort costs a third of a search for each row. The table's owner does it in the name of whoever runs the
-- rules; readers are not locked out.
DROP FUNCTION IF EXISTS state_index_make();
CREATE FUNCTION state_index_make() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = setaside, pg_catalog, pg_temp AS $$
BEGIN
  IF to_regclass('obligation_state_number') IS NULL THEN
    CREATE UNIQUE INDEX obligation_state_number ON obligation_state (obligation_no);
    CREATE INDEX obligation_state_overdue ON obligation_state (overdue_fen DESC, obligation_no COLLATE "C") WHERE overdue_fen > 0;
    CREATE INDEX obligation_state_group ON obligation_state (unit_code, supplier_uscc);
  END IF;
  IF to_regclass('contract_paid_number') IS NULL THEN
    CREATE UNIQUE INDEX contract_paid_number ON contract_paid (contract_no);
  END IF;
END
$$;
COMMENT ON FUNCTION state_index_make() IS 'makes the indexes of obligation_state and contract_paid after its first rows';
