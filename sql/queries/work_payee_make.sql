-- The payees of whose stray payments (payment_astray) any came, went or changed since the last run: what they are owed by any
-- unit may be paid, or not any more. Made once in a session.
CREATE TEMPORARY TABLE IF NOT EXISTS work_payee (payee_uscc text NOT NULL) ON COMMIT DELETE ROWS
