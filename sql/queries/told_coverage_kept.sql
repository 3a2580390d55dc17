-- Brings the kept counts of what the figures rest on up to a batch, by what changed since. No row: they have to be counted
-- anew, because there are none, they are of a later batch, or a unit changed, which reaches everything. $1 known batch
UPDATE coverage_count k SET known_batch = $1::bigint, contracts = k.contracts + n.contracts - o.contracts,
  usable = k.usable + n.usable - o.usable, payments = k.payments + n.payments - o.payments,
  orphans = k.orphans + n.orphans - o.orphans
FROM coverage_count b
  CROSS JOIN LATERAL usable_touched(b.known_batch, $1::bigint) n
  CROSS JOIN LATERAL usable_touched(b.known_batch, b.known_batch) o
WHERE k.known_batch <= $1::bigint AND b.only_one
  AND NOT EXISTS (SELECT FROM unit u WHERE u.batch_id > k.known_batch)
  AND NOT EXISTS (SELECT FROM unit_history u WHERE u.to_batch > k.known_batch)
RETURNING k.contracts, k.usable, k.payments, k.orphans
