-- Open quarantine rows that this batch ($1) settles: a good row with the key came, or the row was refused anew with other
-- content (that refusal is added by quarantine_add.sql), or the source sent everything it has, and the row was not in it. A
-- row without a readable key is also settled when its file came again without it. A file is the same one when it has the
-- name and holds again, as good rows, all that is in the ledger from the earlier one, and that is something: the name alone
-- may be that of another unit or month. What cannot be shown in this way stays open until a person settles it. A refusal
-- that only came again stays open as it is.
-- $2: the batch says only what differs from the last one, so a row that was not in it may stand where it stood.
WITH candidate AS MATERIALIZED (
  SELECT DISTINCT q.kind, q.batch_id
  FROM quarantine q JOIN batch o USING (batch_id) JOIN batch b ON b.source_id = o.source_id AND b.batch_id = $1::bigint
  JOIN source s ON s.source_id = b.source_id AND s.kind = 'file'
  JOIN batch_file f ON f.batch_id = b.batch_id AND f.name = q.file
  WHERE q.resolved_batch IS NULL AND q.row_key IS NULL AND q.batch_id < $1::bigint AND NOT $2::boolean
), again AS MATERIALIZED (
  SELECT kind, batch_id FROM candidate d
  WHERE CASE d.kind
      WHEN 'unit' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM unit c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'supplier' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM supplier c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'budget_item' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM budget_item c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'notice' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM notice c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'award' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM award c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'contract' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM contract c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'party' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM party c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'amendment' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM amendment c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'event' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM event c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'obligation' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM obligation c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'payment' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM payment c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'dispute' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM dispute c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'complaint' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM complaint c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'repayment_plan' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM repayment_plan c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'year_mark' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM year_mark c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      WHEN 'register_entry' THEN (SELECT count(*) > 0 AND count(*) = count(i.key) FROM register_entry c
        LEFT JOIN incoming i ON i.key = c.key AND i.print IS NOT NULL WHERE c.batch_id = d.batch_id)
      ELSE false END
)
UPDATE quarantine q SET resolved_batch = $1::bigint
WHERE q.resolved_batch IS NULL AND q.batch_id < $1::bigint
  AND NOT EXISTS (
    SELECT FROM refused r
    WHERE r.row_key IS NOT DISTINCT FROM q.row_key AND r.field = q.field AND r.value = q.value AND r.code = q.code
      AND r.row_text = q.row_text)
  AND (
    EXISTS (
      SELECT FROM batch b JOIN source s USING (source_id) JOIN batch o ON o.source_id = b.source_id
      WHERE NOT $2::boolean AND b.batch_id = $1::bigint AND o.batch_id = q.batch_id
        AND (b.complete OR q.row_key IS NULL AND s.kind = 'file' AND EXISTS (
          SELECT FROM batch_file f WHERE f.batch_id = b.batch_id AND f.name = q.file)
          AND EXISTS (SELECT FROM again a WHERE a.kind = q.kind AND a.batch_id = q.batch_id)))
    OR EXISTS (SELECT FROM refused r WHERE r.row_key = q.row_key)
    OR EXISTS (SELECT FROM incoming i WHERE i.key = q.row_key AND i.print IS NOT NULL)
    OR CASE q.kind
      WHEN 'unit' THEN EXISTS (SELECT FROM unit c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'supplier' THEN EXISTS (SELECT FROM supplier c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'budget_item' THEN EXISTS (SELECT FROM budget_item c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'notice' THEN EXISTS (SELECT FROM notice c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'award' THEN EXISTS (SELECT FROM award c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'contract' THEN EXISTS (SELECT FROM contract c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'party' THEN EXISTS (SELECT FROM party c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'amendment' THEN EXISTS (SELECT FROM amendment c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'event' THEN EXISTS (SELECT FROM event c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'obligation' THEN EXISTS (SELECT FROM obligation c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'payment' THEN EXISTS (SELECT FROM payment c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'dispute' THEN EXISTS (SELECT FROM dispute c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'complaint' THEN EXISTS (SELECT FROM complaint c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'repayment_plan' THEN EXISTS (SELECT FROM repayment_plan c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'year_mark' THEN EXISTS (SELECT FROM year_mark c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      WHEN 'register_entry' THEN EXISTS (SELECT FROM register_entry c WHERE c.key = q.row_key AND c.batch_id = $1::bigint)
      ELSE false END)
