-- A run takes the reviews that none took before it, as the first thing under the writer's lock, before it reads any: what it
-- takes it reads. One that is committed after this, though given before, is the next run's, whatever of its touch this run
-- writes over: so the touch of review_add.sql is made again here. The group is judged again, and the row counts as changed.
-- All states before all groups, as review_add.sql locks them.
WITH taken AS (
  UPDATE obligation_review SET taken_at = now() WHERE taken_at IS NULL
  RETURNING obligation_no, overdue_since
), touched AS (
  UPDATE obligation_state s SET print = '00000000-0000-0000-0000-000000000000'
  FROM (SELECT obligation_no, min(overdue_since) AS overdue_since FROM taken GROUP BY obligation_no) t
  WHERE s.obligation_no = t.obligation_no
  RETURNING s.unit_code, s.supplier_uscc, t.overdue_since
)
UPDATE obligation_group g SET next_change_on = t.overdue_since, print = '00000000-0000-0000-0000-000000000000'
FROM (SELECT unit_code, supplier_uscc, min(overdue_since) AS overdue_since FROM touched GROUP BY unit_code, supplier_uscc) t
WHERE g.unit_code = t.unit_code AND g.supplier_uscc = t.supplier_uscc
