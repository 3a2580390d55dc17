-- Wakes the checks ($1 = batch). Only sent when the batch changed a record.
SELECT pg_notify('setaside_batch', $1)
