-- Where the rows of a record stand in what their sources sent: batch and place, the latest first ($1 kind, $2 its number as
-- the register or source gives it; kind "quarantine": number of the refused row). At most 20.
SELECT batch_id, place FROM (
  SELECT batch_id, place FROM unit WHERE $1::text = 'unit' AND unit_code = $2::text
  UNION ALL
  SELECT batch_id, place FROM supplier WHERE $1::text = 'supplier' AND uscc = $2::text
  UNION ALL
  SELECT batch_id, place FROM budget_item WHERE $1::text = 'budget_item' AND project_code = $2::text
  UNION ALL
  SELECT batch_id, place FROM notice WHERE $1::text = 'notice' AND notice_id = $2::text
  UNION ALL
  SELECT batch_id, place FROM award WHERE $1::text = 'award' AND award_id = $2::text
  UNION ALL
  SELECT batch_id, place FROM contract WHERE $1::text = 'contract' AND contract_no = $2::text
  UNION ALL
  SELECT batch_id, place FROM party WHERE $1::text = 'party' AND parent_no = $2::text
  UNION ALL
  SELECT batch_id, place FROM amendment WHERE $1::text = 'amendment' AND contract_no = $2::text
  UNION ALL
  SELECT batch_id, place FROM event WHERE $1::text = 'event' AND contract_no = $2::text
  UNION ALL
  SELECT batch_id, place FROM obligation WHERE $1::text = 'obligation' AND obligation_no = $2::text
  UNION ALL
  SELECT batch_id, place FROM payment WHERE $1::text = 'payment' AND voucher_no = $2::text
  UNION ALL
  SELECT batch_id, place FROM dispute WHERE $1::text = 'dispute' AND dispute_id = $2::text
  UNION ALL
  SELECT batch_id, place FROM complaint WHERE $1::text = 'complaint' AND complaint_no = $2::text
  UNION ALL
  SELECT batch_id, place FROM repayment_plan WHERE $1::text = 'repayment_plan' AND plan_id = $2::text
  UNION ALL
  SELECT q.batch_id, (f.file_no::bigint - 1) << 40 | q.place
  FROM quarantine q JOIN batch_file f ON f.batch_id = q.batch_id AND f.name = q.file
  WHERE $1::text = 'quarantine' AND q.quarantine_id::text = $2::text
) found
ORDER BY batch_id DESC, place
LIMIT 20
