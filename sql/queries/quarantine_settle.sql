-- Open quarantine rows that this batch ($1) settles: a good row with the key came, or the row was refused anew with other
-- content (that refusal is added by quarantine_add.sql), or the source sent everything it has, and the row was not in it; a
-- row without a readable key, which nothing else can settle, also when its file came again without it. A refusal that only came again stays open as it is.
-- $2: the batch says only what differs from the last one, so a row that was not in it may stand where it stood.
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
          SELECT FROM batch_file f WHERE f.batch_id = b.batch_id AND f.name = q.file)))
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
