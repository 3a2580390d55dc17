-- The newest releases that a batch brought ($1 = source, $2 = processes, $3 = their times).
INSERT INTO release_known (source_id, process, released_at)
SELECT $1::integer, process, released_at FROM unnest($2::uuid[], $3::bigint[]) AS t (process, released_at)
ON CONFLICT (source_id, process) DO UPDATE SET released_at = EXCLUDED.released_at
WHERE release_known.released_at < EXCLUDED.released_at
