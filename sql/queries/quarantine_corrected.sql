-- A correction is carried out: $1 act, $2 the batch that brought its row.
WITH act AS (
  UPDATE quarantine_act SET batch_id = $2::bigint WHERE act_id = $1::bigint RETURNING quarantine_id
), settled AS (
  UPDATE quarantine SET resolved_batch = $2::bigint WHERE quarantine_id IN (SELECT quarantine_id FROM act)
)
UPDATE state_version SET version = version + 1
