-- Takes away the old rows of all that changed or is gone; state_change_apply.sql puts the new ones.
WITH removed AS (
  DELETE FROM obligation_state o USING state_change c WHERE o.obligation_no = c.obligation_no RETURNING o.missing_year
), fewer AS (
  SELECT missing_year, count(*) AS obligations FROM removed WHERE missing_year IS NOT NULL GROUP BY missing_year
)
UPDATE obligation_missing_year m SET obligations = m.obligations - f.obligations
FROM fewer f WHERE m.missing_year = f.missing_year
