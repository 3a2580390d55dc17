-- party_at(known): the rows of the ledger as it stood when batch `known` was committed, in the columns of the table.
-- Inlined by the planner; at the latest batch the history side is an empty index range.
-- v_party: the current rows.
DROP FUNCTION IF EXISTS party_at(bigint);
CREATE FUNCTION party_at(known bigint) RETURNS SETOF party LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT key, print, batch_id, place, extra, parent_kind, parent_no, seq, role, supplier_id, supplier_name,
    size_word, size_class, deemed, share_ppm, amount_fen, related_to_large
  FROM party WHERE batch_id <= known
  UNION ALL
  SELECT key, print, batch_id, place, extra, parent_kind, parent_no, seq, role, supplier_id, supplier_name,
    size_word, size_class, deemed, share_ppm, amount_fen, related_to_large
  FROM party_history WHERE to_batch > known AND batch_id <= known
$$;
COMMENT ON FUNCTION party_at(bigint) IS 'rows valid when the batch of that number was the last one';

DROP VIEW IF EXISTS v_party;
CREATE VIEW v_party WITH (security_invoker = true) AS
SELECT key, batch_id, place, extra, parent_kind, parent_no, seq, role, supplier_id, supplier_name, size_word,
  size_class, deemed, share_ppm, amount_fen, related_to_large
FROM party;
COMMENT ON VIEW v_party IS '参与方 Suppliers of an award or contract.';
COMMENT ON COLUMN v_party.key IS 'hash of the natural key';
COMMENT ON COLUMN v_party.batch_id IS 'batch that brought this version';
COMMENT ON COLUMN v_party.place IS 'locator inside the original bytes of the batch';
COMMENT ON COLUMN v_party.extra IS 'columns of the source without a canonical name, JSON object';
COMMENT ON COLUMN v_party.parent_kind IS 'award or contract';
COMMENT ON COLUMN v_party.parent_no IS 'award_id or contract_no';
COMMENT ON COLUMN v_party.seq IS 'number inside its parent, from 1';
COMMENT ON COLUMN v_party.role IS 'role as the source says it';
COMMENT ON COLUMN v_party.supplier_id IS 'identifier of the supplier';
COMMENT ON COLUMN v_party.supplier_name IS 'supplier as the source writes it';
COMMENT ON COLUMN v_party.size_word IS 'scale as the source says it';
COMMENT ON COLUMN v_party.size_class IS 'L M S X = large, medium, small, micro; empty = unknown';
COMMENT ON COLUMN v_party.deemed IS 'none, disabled_welfare or prison';
COMMENT ON COLUMN v_party.share_ppm IS 'share of the party, parts per million';
COMMENT ON COLUMN v_party.amount_fen IS 'amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_party.related_to_large IS 'controlled by or related to a large enterprise';
