-- Writes the quota figures of one fiscal year that differ and removes scopes that are no longer there.
-- $1 run_id, $2 as_of, $3 fiscal year, $4 JSON array of figures; a figure's own as-of day does not make it differ.
WITH seen AS (
  SELECT * FROM jsonb_to_recordset($4::jsonb) AS r (scope text, name text, rule_id text, currency text,
    strict_base_fen bigint, adjusted_base_fen bigint, sme_fen bigint, small_micro_fen bigint, sme_status text,
    small_micro_status text, sme_gap_fen bigint, body jsonb)
), gone AS (
  DELETE FROM quota_figure q WHERE q.fiscal_year = $3::integer
    AND NOT EXISTS (SELECT FROM seen s WHERE s.scope = q.scope AND s.currency = q.currency)
  RETURNING 1
), written AS (
  INSERT INTO quota_figure AS q (fiscal_year, scope, name, rule_id, currency, strict_base_fen, adjusted_base_fen, sme_fen,
    small_micro_fen, sme_status, small_micro_status, sme_gap_fen, body, as_of, run_id)
  SELECT $3::integer, scope, name, rule_id, currency, strict_base_fen, adjusted_base_fen, sme_fen, small_micro_fen,
    sme_status, small_micro_status, sme_gap_fen, body, $2::date, $1::bigint
  FROM seen
  ON CONFLICT (fiscal_year, scope, currency) DO UPDATE SET name = excluded.name, rule_id = excluded.rule_id,
    strict_base_fen = excluded.strict_base_fen, adjusted_base_fen = excluded.adjusted_base_fen,
    sme_fen = excluded.sme_fen, small_micro_fen = excluded.small_micro_fen, sme_status = excluded.sme_status,
    small_micro_status = excluded.small_micro_status, sme_gap_fen = excluded.sme_gap_fen, body = excluded.body,
    as_of = excluded.as_of, run_id = excluded.run_id
  WHERE (q.name, q.rule_id, q.body) IS DISTINCT FROM (excluded.name, excluded.rule_id, excluded.body)
  RETURNING 1
)
SELECT (SELECT count(*) FROM written) AS written, (SELECT count(*) FROM gone) AS removed
