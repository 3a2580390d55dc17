-- Takes away the old rows of all that changed or is gone; state_change_apply.sql puts the new ones.
DELETE FROM obligation_state o USING state_change c WHERE o.obligation_no = c.obligation_no
