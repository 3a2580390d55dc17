-- One row: a party of a contract, with its class at signing. $1 known batch
SELECT parent_no, supplier_id, role, size_class
FROM party_at($1::bigint)
WHERE parent_kind = 'contract'
ORDER BY parent_no COLLATE "C", seq
