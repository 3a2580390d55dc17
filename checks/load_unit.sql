-- One row: a unit in one period of validity, the last period last (G-30). $1 known batch
SELECT unit_code, uscc, name, parent_code, kind, valid_from, valid_to, contact
FROM unit_at($1::bigint)
ORDER BY unit_code COLLATE "C", valid_from NULLS FIRST, batch_id, place
