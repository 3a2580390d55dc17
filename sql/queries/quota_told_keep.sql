-- Keeps what a run has just told of one scope and year, and links the messages with the latest event of every finding that
-- they tell of: a reminder tells of a finding that did not change, a gap made good of those that are closed.
-- $1 run_id, $2 fiscal year, $3 scope, $4 day, $5 open, $6 grade, $7 SME gap, $8 small/micro gap
WITH kept AS (
  INSERT INTO quota_told (fiscal_year, scope, told_on, open, grade, sme_gap_fen, small_micro_gap_fen, run_id)
  VALUES ($2::integer, $3::text, $4::date, $5::boolean, $6::text, $7::bigint, $8::bigint, $1::bigint)
  ON CONFLICT (fiscal_year, scope) DO UPDATE SET told_on = excluded.told_on, open = excluded.open, grade = excluded.grade,
    sme_gap_fen = excluded.sme_gap_fen, small_micro_gap_fen = excluded.small_micro_gap_fen, run_id = excluded.run_id
)
INSERT INTO message_finding (message_id, finding_id, event_seq)
SELECT m.message_id, f.finding_id, (SELECT max(e.seq) FROM finding_event e WHERE e.finding_id = f.finding_id)
FROM message m JOIN finding f ON f.subject_kind = 'quota' AND f.subject = concat_ws('/', 'plan', $3::text, $2::integer)
  AND f.code IN ('quota-shortfall-sme', 'quota-shortfall-small-micro') AND (f.state = 'closed') = NOT $5::boolean
WHERE m.case_key = concat_ws('/', 'quota', $2::integer, $3::text) AND m.run_id = $1::bigint
ON CONFLICT DO NOTHING
