-- One row: a party of an award, the award's own columns repeated; null party columns for an award without any. Awards that
-- did not come about are out; every currency is in, each figure is per currency. Amounts in fen. $1 known batch
SELECT a.award_id, a.unit_code, a.buyer_name, a.awarded_on, a.amount_fen, a.currency,
  p.supplier_id, p.supplier_name, p.size_class, p.deemed, p.related_to_large
FROM award_at($1::bigint) a
  LEFT JOIN party_at($1::bigint) p ON p.parent_kind = 'award' AND p.parent_no = a.award_id
WHERE a.status NOT IN ('cancelled', 'unsuccessful', 'pending')
ORDER BY a.award_id COLLATE "C", p.seq
