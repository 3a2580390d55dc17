-- A person accepts a source as its last batch has it ($1 source, $2 person, $3 reason). One row if there is such a source
-- with a batch: the batch.
WITH last AS (
  SELECT s.source_id, s.name, max(b.batch_id) AS batch_id FROM source s JOIN batch b USING (source_id)
  WHERE s.name = $1::text GROUP BY s.source_id, s.name
), kept AS (
  INSERT INTO source_acceptance (source_id, batch_id, person, reason, faults)
  SELECT source_id, batch_id, $2::text, $3::text, coalesce((SELECT faults FROM v_source_faulty f WHERE f.source = last.name), '[]')
  FROM last RETURNING source_id, batch_id
), accepted AS (
  UPDATE source s SET accepted_batch = k.batch_id FROM kept k WHERE s.source_id = k.source_id RETURNING s.source_id
), woken AS (
  SELECT pg_notify('setaside_batch', '') FROM accepted
)
SELECT batch_id, (SELECT count(*) FROM woken) FROM kept
