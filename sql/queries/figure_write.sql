-- Writes quota figures of one fiscal year and removes scopes that are no longer there.
-- $1 run_id, $2 as_of, $3 fiscal year, $4 JSON array of the figures that differ from what is on record, $5 all scopes that
-- there are (text array)
WITH seen AS (
  SELECT * FROM jsonb_to_recordset($4::jsonb) AS r (scope text, name text, rule_id text, currency text,
    strict_base_fen bigint, adjusted_base_fen bigint, sme_fen bigint, small_micro_fen bigint, sme_status text,
    small_micro_status text, sme_gap_fen bigint, body jsonb, print text)
), gone AS (
  DELETE FROM quota_figure q WHERE q.fiscal_year = $3::integer AND q.scope <> ALL ($5::text[])
  RETURNING 1
), written AS (
  INSERT INTO quota_figure AS q (fiscal_year, scope, name, rule_id, currency, strict_base_fen, adjusted_base_fen, sme_fen,
    small_micro_fen, sme_status, small_micro_status, sme_gap_fen, body, as_of, run_id, print)
  SELECT $3::integer, scope, name, rule_id, currency, strict_base_fen, adjusted_base_fen, sme_fen, small_micro_fen,
    sme_status, small_micro_status, sme_gap_fen, body, $2::date, $1::bigint, print
  FROM seen
  ON CONFLICT (fiscal_year, scope, currency) DO UPDATE SET name = excluded.name, rule_id = excluded.rule_id,
    strict_base_fen = excluded.strict_base_fen, adjusted_base_fen = excluded.adjusted_base_fen,
    sme_fen = excluded.sme_fen, small_micro_fen = excluded.small_micro_fen, sme_status = excluded.sme_status,
    small_micro_status = excluded.small_micro_status, sme_gap_fen = excluded.sme_gap_fen, body = excluded.body,
    as_of = excluded.as_of, run_id = excluded.run_id, print = excluded.print
  RETURNING 1
)
SELECT (SELECT count(*) FROM written) AS written, (SELECT count(*) FROM gone) AS removed
