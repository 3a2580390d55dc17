-- Refusals of this batch ($1) into quarantine, in the order they were met. A refusal that is open already is not added
-- again, so that a feed with one bad row does not grow the list with every pull; nor is one that a person has settled.
INSERT INTO quarantine (batch_id, kind, file, place, field, value, code, reason, row_text, row_key)
SELECT $1::bigint, r.kind, r.file, r.place, r.field, r.value, r.code, r.reason, r.row_text, r.row_key
FROM refused r
WHERE NOT EXISTS (
  SELECT FROM quarantine q
  WHERE (q.resolved_batch IS NULL OR EXISTS (SELECT FROM quarantine_act a WHERE a.quarantine_id = q.quarantine_id
      AND (a.what = 'settled' OR a.batch_id IS NOT NULL)))
    AND q.kind = r.kind AND q.field = r.field AND q.value = r.value AND q.code = r.code
    AND q.row_text = r.row_text AND q.row_key IS NOT DISTINCT FROM r.row_key)
ORDER BY r.seq
