-- Moves the end of leases that are held, and says which did: another sender may have taken the rest meanwhile.
-- $1 message ids, $2 their epochs, $3 lease in seconds
UPDATE message m
SET lease_until = now() + $3::integer * interval '1 second'
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS held (message_id, lease_epoch, place)
WHERE m.message_id = held.message_id AND m.lease_epoch = held.lease_epoch AND m.state = 'sending'
RETURNING held.place
