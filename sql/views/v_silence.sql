DROP VIEW IF EXISTS v_silence;
CREATE VIEW v_silence WITH (security_invoker = true) AS
SELECT silence_id, case_key, author, reason, begins_at, ends_at
FROM silence;
COMMENT ON VIEW v_silence IS '静默 Cases about which a person asked for silence.';
COMMENT ON COLUMN v_silence.silence_id IS 'number of the silence';
COMMENT ON COLUMN v_silence.case_key IS 'the case whose messages wait';
COMMENT ON COLUMN v_silence.author IS 'who asked';
COMMENT ON COLUMN v_silence.reason IS 'why';
COMMENT ON COLUMN v_silence.begins_at IS 'time it was asked for';
COMMENT ON COLUMN v_silence.ends_at IS 'time it ends or was ended';
