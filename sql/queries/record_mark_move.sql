-- Says what this look saw. No row is affected when the mark is not the one that the look began at: another look was quicker.
-- $1 as_of, $2 known batch, $3 basis; $4, $5, $6 the same of the mark that was read, null = there was none
INSERT INTO record_mark AS m (as_of, known_batch, basis) VALUES ($1::date, $2::bigint, $3::text)
ON CONFLICT (only_one) DO UPDATE SET as_of = excluded.as_of, known_batch = excluded.known_batch, basis = excluded.basis
WHERE (m.as_of, m.known_batch, m.basis) IS NOT DISTINCT FROM ($4::date, $5::bigint, $6::text)
