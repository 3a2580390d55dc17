-- Where what differs of the groups arrives. A row without a print says that the group has no states any more. Made once in a session.
CREATE TEMPORARY TABLE IF NOT EXISTS group_change (unit_code text NOT NULL, supplier_uscc text NOT NULL, next_change_on date, print uuid)
ON COMMIT DELETE ROWS
