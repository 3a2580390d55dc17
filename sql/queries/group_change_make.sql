-- Where what differs of the groups arrives. A row without a print says that the group has no states any more.
CREATE TEMPORARY TABLE group_change (unit_code text NOT NULL, supplier_uscc text NOT NULL, next_change_on date, print uuid)
ON COMMIT DROP
