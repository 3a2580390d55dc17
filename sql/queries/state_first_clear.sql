-- Before the rows of a first run: what was summed over former rows (state_change_apply.sql keeps it) begins anew.
WITH years AS (DELETE FROM obligation_missing_year)
DELETE FROM contract_paid
