-- Takes over what differs of the groups.
WITH gone AS (
  DELETE FROM obligation_group g USING group_change c
  WHERE c.print IS NULL AND g.unit_code = c.unit_code AND g.supplier_uscc = c.supplier_uscc
)
INSERT INTO obligation_group (unit_code, supplier_uscc, next_change_on, print)
SELECT unit_code, supplier_uscc, next_change_on, print FROM group_change WHERE print IS NOT NULL
ON CONFLICT (unit_code, supplier_uscc) DO UPDATE SET next_change_on = excluded.next_change_on, print = excluded.print
