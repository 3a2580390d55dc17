-- A batch ($2) that is everything its source ($1) has: what came before it does not count any more.
DELETE FROM release_known WHERE source_id = $1::integer AND batch_id < $2::bigint
