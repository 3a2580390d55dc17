-- A confirmed proposal was told. $1 run_id, $2 proposal_id
UPDATE proposal SET told_run = $1::bigint WHERE proposal_id = $2::bigint AND state = 'confirmed' AND told_run IS NULL
