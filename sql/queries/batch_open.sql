-- The next batch, under the writer's lock ($1 = source, $2 = complete, $3 = program).
INSERT INTO batch (batch_id, source_id, started_at, complete, program)
SELECT coalesce(max(batch_id), 0) + 1, $1::integer, clock_timestamp(), $2::boolean, $3 FROM batch
RETURNING batch_id, (SELECT encode(hash_secret, 'hex') FROM installation)
