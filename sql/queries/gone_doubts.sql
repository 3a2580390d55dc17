-- Whether a row that came or is gone has an open refusal: then other rows of its key matter, which may be among those
-- that were not read.
SELECT EXISTS (
  SELECT FROM quarantine q
  WHERE q.resolved_batch IS NULL
    AND (EXISTS (SELECT FROM incoming i WHERE i.key = q.row_key) OR EXISTS (SELECT FROM gone g WHERE g.key = q.row_key)))
