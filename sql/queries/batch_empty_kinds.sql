-- Which kinds have no current row: their first load is sent straight into the table.
SELECT 'unit'::text AS kind, NOT EXISTS (SELECT FROM unit) AS is_empty
UNION ALL SELECT 'supplier'::text AS kind, NOT EXISTS (SELECT FROM supplier) AS is_empty
UNION ALL SELECT 'budget_item'::text AS kind, NOT EXISTS (SELECT FROM budget_item) AS is_empty
UNION ALL SELECT 'notice'::text AS kind, NOT EXISTS (SELECT FROM notice) AS is_empty
UNION ALL SELECT 'award'::text AS kind, NOT EXISTS (SELECT FROM award) AS is_empty
UNION ALL SELECT 'contract'::text AS kind, NOT EXISTS (SELECT FROM contract) AS is_empty
UNION ALL SELECT 'party'::text AS kind, NOT EXISTS (SELECT FROM party) AS is_empty
UNION ALL SELECT 'amendment'::text AS kind, NOT EXISTS (SELECT FROM amendment) AS is_empty
UNION ALL SELECT 'event'::text AS kind, NOT EXISTS (SELECT FROM event) AS is_empty
UNION ALL SELECT 'obligation'::text AS kind, NOT EXISTS (SELECT FROM obligation) AS is_empty
UNION ALL SELECT 'payment'::text AS kind, NOT EXISTS (SELECT FROM payment) AS is_empty
UNION ALL SELECT 'dispute'::text AS kind, NOT EXISTS (SELECT FROM dispute) AS is_empty
UNION ALL SELECT 'complaint'::text AS kind, NOT EXISTS (SELECT FROM complaint) AS is_empty
UNION ALL SELECT 'repayment_plan'::text AS kind, NOT EXISTS (SELECT FROM repayment_plan) AS is_empty
UNION ALL SELECT 'year_mark'::text AS kind, NOT EXISTS (SELECT FROM year_mark) AS is_empty
UNION ALL SELECT 'register_entry'::text AS kind, NOT EXISTS (SELECT FROM register_entry) AS is_empty
