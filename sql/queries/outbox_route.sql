-- One configured route: a row for each of its channels.
-- $1 name, $2 channels, $3 rules, $4 units
INSERT INTO route (name, channel, rules, units)
SELECT $1, channel, $3::text[], $4::text[]
FROM (SELECT DISTINCT unnest($2::text[])) AS c (channel)
