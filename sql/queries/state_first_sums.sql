-- After a first run: what is summed over all rows (state_change_apply.sql keeps it). Sums of former rows become none.
WITH state AS MATERIALIZED (
  SELECT contract_no, missing_year, count(*) AS obligations,
    coalesce(sum(paid_fen) FILTER (WHERE kind <> 'deposit'), 0) AS paid_fen
  FROM obligation_state
  WHERE missing_year IS NOT NULL OR paid_fen <> 0
  GROUP BY contract_no, missing_year
), waiting AS (
  INSERT INTO obligation_missing_year AS m (missing_year, obligations)
  SELECT missing_year, sum(obligations)
  FROM (
    SELECT missing_year, obligations FROM state WHERE missing_year IS NOT NULL
    UNION ALL SELECT missing_year, 0 FROM obligation_missing_year
  ) y
  GROUP BY missing_year
  ON CONFLICT (missing_year) DO UPDATE SET obligations = excluded.obligations
)
INSERT INTO contract_paid AS p (contract_no, paid_fen)
SELECT contract_no, sum(paid_fen)
FROM (
  SELECT contract_no, paid_fen FROM state WHERE paid_fen <> 0
  UNION ALL SELECT contract_no, 0 FROM contract_paid
) c
GROUP BY contract_no
ON CONFLICT (contract_no) DO UPDATE SET paid_fen = excluded.paid_fen
