-- The allocation groups that this run judges, numbered in byte order of (unit, supplier). Made once in a session.
CREATE TEMPORARY TABLE IF NOT EXISTS work_group (seq integer NOT NULL, unit_code text NOT NULL, supplier_uscc text NOT NULL)
ON COMMIT DELETE ROWS
