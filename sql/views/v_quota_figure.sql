DROP VIEW IF EXISTS v_quota_figure;
CREATE VIEW v_quota_figure WITH (security_invoker = true) AS
SELECT fiscal_year, scope, name, rule_id, currency, strict_base_fen, adjusted_base_fen, sme_fen, small_micro_fen,
  sme_status, small_micro_status, sme_gap_fen, body, as_of, run_id
FROM quota_figure;
COMMENT ON VIEW v_quota_figure IS '预留份额测算 Quota figures of the last run.';
COMMENT ON COLUMN v_quota_figure.fiscal_year IS 'fiscal year = calendar year';
COMMENT ON COLUMN v_quota_figure.scope IS 'district, or the code of a department; ? = none could be found';
COMMENT ON COLUMN v_quota_figure.name IS 'name of the department';
COMMENT ON COLUMN v_quota_figure.rule_id IS 'floor that applies: Q-1, Q-2 or Q-3';
COMMENT ON COLUMN v_quota_figure.currency IS 'ISO 4217 code';
COMMENT ON COLUMN v_quota_figure.strict_base_fen IS 'budget total without exclusion, plan basis, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_quota_figure.adjusted_base_fen IS 'budget total less exempt items, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_quota_figure.sme_fen IS 'reserved for SMEs, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_quota_figure.small_micro_fen IS 'reserved for small and micro firms, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_quota_figure.sme_status IS 'met, met-after-exemptions, not-met or no-base';
COMMENT ON COLUMN v_quota_figure.small_micro_status IS 'met, not-met or undefined';
COMMENT ON COLUMN v_quota_figure.sme_gap_fen IS 'amount still needed on the strict base, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_quota_figure.body IS 'all members of the figure as the snapshot has them, amounts in fen';
COMMENT ON COLUMN v_quota_figure.as_of IS 'legal date that was evaluated';
COMMENT ON COLUMN v_quota_figure.run_id IS 'run that wrote it last';
