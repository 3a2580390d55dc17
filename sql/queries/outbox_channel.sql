-- One configured channel and its recipients. Another print, or having been away, enables it with a closed circuit.
-- $1 name, $2 kind, $3 print, $4 recipients, $5 requests within $6 ms, $7 within a second, $8 whether its receiver forgets,
-- $9 most requests of one message
WITH known AS (
  INSERT INTO channel AS c (name, kind, print, rate_count, rate_window_ms, rate_second, stands, parts_max)
  VALUES ($1, $2, $3, $5::integer, $6::bigint, $7::integer, $8::boolean, $9::integer)
  ON CONFLICT (name) DO UPDATE
  SET kind = excluded.kind, print = excluded.print, enabled = true, disabled_reason = '',
      broken_since = NULL, probe_at = NULL, failures = 0, rate_count = excluded.rate_count,
      rate_window_ms = excluded.rate_window_ms, rate_second = excluded.rate_second, stands = excluded.stands,
      parts_max = excluded.parts_max
  WHERE c.print <> excluded.print OR c.kind <> excluded.kind
    OR (c.rate_count, c.rate_window_ms, c.rate_second, c.parts_max)
      <> (excluded.rate_count, excluded.rate_window_ms, excluded.rate_second, excluded.parts_max)
    OR c.disabled_reason = 'not in the configuration'
), gone AS (
  DELETE FROM channel_recipient WHERE channel = $1 AND recipient <> ALL ($4::text[])
)
INSERT INTO channel_recipient (channel, recipient)
SELECT $1, recipient FROM unnest($4::text[]) AS r (recipient)
ON CONFLICT DO NOTHING
