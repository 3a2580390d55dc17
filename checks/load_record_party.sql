-- For the findings of records. One row: a party of a contract, with its class at signing. $1 known batch, $2 fiscal year
SELECT parent_no, supplier_id, role, size_class
FROM party_at($1::bigint)
WHERE parent_kind = 'contract'
  AND parent_no IN (SELECT r.contract_no FROM contract_of_records($1::bigint, $2::integer) r)
ORDER BY parent_no COLLATE "C", seq
