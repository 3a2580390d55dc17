-- v_award_share: what went to SMEs on award basis, per buyer and currency, as a band.
--
-- An award counts once with its whole amount, whatever the number of its suppliers. Lower is what surely went to SMEs,
-- upper what may have gone to them: a supplier whose scale is unknown widens the band, it never counts as zero. With
-- several suppliers a stated share or amount of a supplier counts for it; without one the award is certain only when all
-- its suppliers agree. Cancelled and unsuccessful awards are out; awards without an amount are counted apart.
DROP VIEW IF EXISTS v_award_share;
CREATE VIEW v_award_share WITH (security_invoker = true) AS
WITH scale AS (
  SELECT p.parent_no, p.share_ppm, p.amount_fen,
    p.deemed IN ('disabled_welfare', 'prison')
      OR (p.size_class IN ('M', 'S', 'X', 'SME') AND p.related_to_large IS NOT TRUE) AS sure_sme,
    p.deemed IN ('disabled_welfare', 'prison')
      OR (p.size_class IN ('S', 'X') AND p.related_to_large IS NOT TRUE) AS sure_small,
    p.deemed NOT IN ('disabled_welfare', 'prison')
      AND (p.size_class = 'L' OR p.related_to_large IS TRUE) AS sure_not_sme,
    p.deemed NOT IN ('disabled_welfare', 'prison')
      AND (p.size_class IN ('L', 'M') OR p.related_to_large IS TRUE) AS sure_not_small
  FROM party p WHERE p.parent_kind = 'award'
), part AS (
  SELECT a.award_id, a.amount_fen,
    coalesce(bool_and(s.sure_sme), false) AS all_sme, coalesce(bool_and(s.sure_small), false) AS all_small,
    coalesce(bool_and(s.sure_not_sme), false) AS none_sme, coalesce(bool_and(s.sure_not_small), false) AS none_small,
    coalesce(bool_or(s.parent_no IS NULL OR NOT (s.sure_sme OR s.sure_not_sme)), true) AS unknown,
    coalesce(sum(w.stated) FILTER (WHERE s.sure_sme), 0) AS sme_stated,
    coalesce(sum(w.stated) FILTER (WHERE s.sure_small), 0) AS small_stated,
    coalesce(sum(w.stated) FILTER (WHERE s.sure_not_sme), 0) AS not_sme_stated,
    coalesce(sum(w.stated) FILTER (WHERE s.sure_not_small), 0) AS not_small_stated
  FROM award a
    LEFT JOIN scale s ON s.parent_no = a.award_id
    LEFT JOIN LATERAL (
      SELECT coalesce(s.amount_fen::numeric, trunc(a.amount_fen::numeric * s.share_ppm / 1000000)) AS stated
    ) w ON true
  WHERE a.status NOT IN ('cancelled', 'unsuccessful')
  GROUP BY a.award_id, a.amount_fen
), band AS (
  SELECT award_id, amount_fen, unknown,
    CASE WHEN all_sme THEN amount_fen ELSE least(sme_stated, amount_fen) END AS sme_lower,
    CASE WHEN none_sme THEN 0 ELSE greatest(amount_fen - not_sme_stated, 0) END AS sme_upper,
    CASE WHEN all_small THEN amount_fen ELSE least(small_stated, amount_fen) END AS small_lower,
    CASE WHEN none_small THEN 0 ELSE greatest(amount_fen - not_small_stated, 0) END AS small_upper
  FROM part WHERE amount_fen IS NOT NULL
)
SELECT coalesce(nullif(a.unit_code, ''), a.buyer_name) AS buyer, max(a.buyer_name) AS buyer_name, a.currency,
  count(*) AS awards, count(*) FILTER (WHERE b.award_id IS NULL) AS awards_without_amount,
  count(*) FILTER (WHERE b.unknown) AS awards_unknown_scale,
  coalesce(sum(b.amount_fen), 0)::numeric AS amount_fen,
  coalesce(sum(b.amount_fen) FILTER (WHERE b.unknown), 0)::numeric AS unknown_fen,
  coalesce(sum(b.sme_lower), 0)::numeric AS sme_lower_fen, coalesce(sum(b.sme_upper), 0)::numeric AS sme_upper_fen,
  coalesce(sum(b.small_lower), 0)::numeric AS small_micro_lower_fen,
  coalesce(sum(b.small_upper), 0)::numeric AS small_micro_upper_fen
FROM award a LEFT JOIN band b USING (award_id)
WHERE a.status NOT IN ('cancelled', 'unsuccessful')
GROUP BY 1, 3;
COMMENT ON VIEW v_award_share IS '合同口径份额（区间） Award-basis share of SMEs per buyer and currency, with its band.';
COMMENT ON COLUMN v_award_share.buyer IS 'code of the buyer, or its name where no code is known';
COMMENT ON COLUMN v_award_share.buyer_name IS 'name as the source writes it';
COMMENT ON COLUMN v_award_share.currency IS 'ISO 4217 code';
COMMENT ON COLUMN v_award_share.awards IS 'awards that stand';
COMMENT ON COLUMN v_award_share.awards_without_amount IS 'awards without an amount: in no sum';
COMMENT ON COLUMN v_award_share.awards_unknown_scale IS 'awards with a supplier of unknown scale';
COMMENT ON COLUMN v_award_share.amount_fen IS 'all awards, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_award_share.unknown_fen IS 'awards with a supplier of unknown scale, fen';
COMMENT ON COLUMN v_award_share.sme_lower_fen IS 'surely to SMEs, fen';
COMMENT ON COLUMN v_award_share.sme_upper_fen IS 'at most to SMEs, fen';
COMMENT ON COLUMN v_award_share.small_micro_lower_fen IS 'surely to small and micro firms, fen';
COMMENT ON COLUMN v_award_share.small_micro_upper_fen IS 'at most to small and micro firms, fen';
