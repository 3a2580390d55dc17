-- What the configuration expects of its sources: $1 = JSON array of {name, kind, late_after_ms, data_within_ms,
-- shrink_percent, may_be_empty, authority}, null = not watched; $2 = all of them: sources that are not in it are not watched any
-- more, and the watch starts now.
WITH wanted AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (
    name text, kind text, late_after_ms bigint, data_within_ms bigint, shrink_percent integer, may_be_empty boolean,
    authority integer)
), gone AS (
  UPDATE source SET watched = false
  WHERE $2::boolean AND watched AND NOT EXISTS (SELECT FROM wanted w WHERE w.name = source.name)
)
INSERT INTO source (name, kind, watched, watched_since, watch_started_at, late_after_ms, data_within_ms, shrink_percent,
  may_be_empty, authority)
SELECT name, kind, true, now(), now(), late_after_ms, data_within_ms, shrink_percent, may_be_empty, authority FROM wanted
ON CONFLICT (name) DO UPDATE SET kind = EXCLUDED.kind, watched = true,
  watched_since = coalesce(source.watched_since, EXCLUDED.watched_since),
  watch_started_at = CASE WHEN $2::boolean OR NOT source.watched THEN EXCLUDED.watch_started_at ELSE source.watch_started_at END,
  late_after_ms = EXCLUDED.late_after_ms, data_within_ms = EXCLUDED.data_within_ms,
  shrink_percent = EXCLUDED.shrink_percent, may_be_empty = EXCLUDED.may_be_empty,
  authority = coalesce(EXCLUDED.authority, source.authority)
