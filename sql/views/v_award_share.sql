-- v_award_share: what went to SMEs on award basis, per buyer and currency, as a band (the reading of checks/award_band.c).
--
-- An award counts once with its whole amount, whatever the number of its suppliers. Lower: every supplier surely is an
-- SME; upper: at least one may be. A supplier of unknown scale, or none named, widens the band; it never counts as zero.
-- Cancelled, unsuccessful and pending awards are out; awards without an amount are counted apart. A register entry about the
-- supplier that holds on the day of the award goes before what the party says (checks/register_book.h).
DROP VIEW IF EXISTS v_award_share;
CREATE VIEW v_award_share WITH (security_invoker = true) AS
WITH chance AS (
  SELECT p.parent_no, p.deemed IN ('disabled_welfare', 'prison') OR d.entry_no IS NOT NULL AS deemed,
    coalesce(z.value, p.size_class) = 'L' OR p.related_to_large IS TRUE AS large, coalesce(z.value, p.size_class) AS size_class
  FROM party p JOIN award a ON a.award_id = p.parent_no
    LEFT JOIN LATERAL (SELECT r.entry_no FROM register_entry r
      WHERE r.register = 'deemed' AND r.supplier_uscc <> '' AND r.supplier_uscc = p.supplier_id AND r.contract_no = ''
        AND r.valid_from <= a.awarded_on AND coalesce(r.valid_to, 'infinity') >= a.awarded_on
        AND coalesce(r.withdrawn_on, 'infinity') > current_date LIMIT 1) d ON true
    LEFT JOIN LATERAL (SELECT r.value FROM register_entry r
      WHERE r.register = 'size' AND r.supplier_uscc <> '' AND r.supplier_uscc = p.supplier_id AND r.contract_no = ''
        AND r.valid_from <= a.awarded_on AND coalesce(r.valid_to, 'infinity') >= a.awarded_on
        AND coalesce(r.withdrawn_on, 'infinity') > current_date
      ORDER BY r.valid_from DESC, r.entry_no COLLATE "C" DESC LIMIT 1) z ON true
  WHERE p.parent_kind = 'award'
), band AS (
  SELECT parent_no,
    bool_and(deemed OR (NOT large AND size_class IN ('M', 'S', 'X', 'SME'))) AS surely_sme,
    bool_or(deemed OR NOT large) AS maybe_sme,
    bool_and(deemed OR (NOT large AND size_class IN ('S', 'X'))) AS surely_small,
    bool_or(deemed OR (NOT large AND size_class <> 'M')) AS maybe_small,
    bool_or(NOT deemed AND NOT large AND size_class NOT IN ('M', 'S', 'X', 'SME')) AS unknown
  FROM chance GROUP BY parent_no
), judged AS (
  SELECT a.*, coalesce(b.surely_sme, false) AS surely_sme, coalesce(b.maybe_sme, true) AS maybe_sme,
    coalesce(b.surely_small, false) AS surely_small, coalesce(b.maybe_small, true) AS maybe_small,
    coalesce(b.unknown, true) AS unknown
  FROM award a LEFT JOIN band b ON b.parent_no = a.award_id
  WHERE a.status NOT IN ('cancelled', 'unsuccessful', 'pending')
)
SELECT coalesce(nullif(unit_code, ''), buyer_name) AS buyer, max(buyer_name) AS buyer_name, currency, count(*) AS awards,
  count(*) FILTER (WHERE amount_fen IS NULL) AS awards_without_amount,
  count(*) FILTER (WHERE unknown) AS awards_unknown_scale,
  coalesce(sum(amount_fen), 0) AS amount_fen,
  coalesce(sum(amount_fen) FILTER (WHERE unknown), 0) AS unknown_fen,
  coalesce(sum(amount_fen) FILTER (WHERE surely_sme), 0) AS sme_lower_fen,
  coalesce(sum(amount_fen) FILTER (WHERE maybe_sme), 0) AS sme_upper_fen,
  coalesce(sum(amount_fen) FILTER (WHERE surely_small), 0) AS small_micro_lower_fen,
  coalesce(sum(amount_fen) FILTER (WHERE maybe_small), 0) AS small_micro_upper_fen
FROM judged
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
