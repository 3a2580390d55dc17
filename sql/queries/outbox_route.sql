-- One configured route: a row for each of its channels.
-- $1 name, $2 channels, $3 rules, $4 units, $5 least severity, $6 least amount in fen, $7 recipients, $8 digest,
-- $9 and $10 quiet hours or empty, $11 working days only, $12 a digest with nothing to tell says so
INSERT INTO route (name, channel, rules, units, severity, amount_fen, recipients, digest, quiet_from, quiet_to, working_days,
  all_quiet)
SELECT $1, channel, $3::text[], $4::text[], $5, $6::bigint, $7::text[], $8, nullif($9, '')::time, nullif($10, '')::time,
  $11::boolean, $12::boolean
FROM (SELECT DISTINCT unnest($2::text[])) AS c (channel)
