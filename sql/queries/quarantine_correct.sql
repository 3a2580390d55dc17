-- A correction begins: who changes what in a refused row, and why, is on record before its row enters the ledger ($1
-- quarantine id, $2 person, $3 reason, $4 changes as JSON). One row if the entry is open: the number of the act.
INSERT INTO quarantine_act (quarantine_id, what, person, reason, changes)
SELECT quarantine_id, 'corrected', $2::text, $3::text, $4::jsonb
FROM quarantine WHERE quarantine_id = $1::bigint AND resolved_batch IS NULL
RETURNING act_id
