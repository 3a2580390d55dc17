-- Parties that are not named any more ($1 = batch, $2, $3, $4 = numbers of the kinds party, award, contract): a source that sends an award
-- or contract sends all its parties with it.
WITH ended AS (
  DELETE FROM party p
  WHERE NOT EXISTS (SELECT FROM incoming i WHERE i.kind = $2::smallint AND i.key = p.key)
    AND (p.parent_kind = 'award' AND EXISTS (
           SELECT FROM award a JOIN incoming i ON i.kind = $3::smallint AND i.key = a.key WHERE a.award_id = p.parent_no)
      OR p.parent_kind = 'contract' AND EXISTS (
           SELECT FROM contract c JOIN incoming i ON i.kind = $4::smallint AND i.key = c.key WHERE c.contract_no = p.parent_no))
  RETURNING p.*
)
INSERT INTO party_history SELECT ended.*, $1::bigint FROM ended
