-- Parties that are not named any more ($1 = batch, $2, $3, $4 = numbers of the kinds party, award, contract): a source
-- that sends an award or contract sends all its parties with it. Runs after the merge, so the earlier version of a parent
-- that changed stands in its history table already.
WITH offered AS (
  SELECT 'award' AS parent_kind, a.award_id AS parent_no
  FROM (SELECT key, award_id FROM award
        UNION ALL SELECT key, award_id FROM award_history WHERE to_batch = $1::bigint) a
    JOIN incoming i ON i.kind = $3::smallint AND i.key = a.key
  UNION
  SELECT 'contract', c.contract_no
  FROM (SELECT key, contract_no FROM contract
        UNION ALL SELECT key, contract_no FROM contract_history WHERE to_batch = $1::bigint) c
    JOIN incoming i ON i.kind = $4::smallint AND i.key = c.key
), ended AS (
  DELETE FROM party p USING offered o
  WHERE p.parent_kind = o.parent_kind AND p.parent_no = o.parent_no
    AND NOT EXISTS (SELECT FROM incoming i WHERE i.kind = $2::smallint AND i.key = p.key)
  RETURNING p.*
)
INSERT INTO party_history SELECT ended.*, $1::bigint FROM ended
