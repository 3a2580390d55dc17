-- How new the newest release of each process of a source is ($1 = name).
SELECT replace(r.process::text, '-', ''), r.released_at FROM release_known r JOIN source s USING (source_id) WHERE s.name = $1
