-- For the findings of records. One row: a party of a contract, with its class at signing.
-- $1 known batch, $2 number of the first procurement, $3 of the one after the last
-- OFFSET keeps it a look into an index for each of the contracts, however many the ledger holds.
SELECT parent_no, supplier_id, role, size_class
FROM work_record_contract w CROSS JOIN LATERAL (
    SELECT * FROM party_at($1::bigint) p WHERE p.parent_kind = 'contract' AND p.parent_no = w.contract_no OFFSET 0) p
WHERE w.seq >= $2::integer AND w.seq < $3::integer
ORDER BY parent_no COLLATE "C", p.seq
