-- One row: a complaint. $1 known batch
SELECT complaint_no, contract_no, accepted_on, handed_over_on, answered_on, extended,
  result, not_admitted_ground
FROM complaint_at($1::bigint)
ORDER BY complaint_no COLLATE "C"
