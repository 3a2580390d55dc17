-- A person acts on the findings of a case that are not closed: one event for each, and for silence the messages that wait.
-- One row: how many findings the case has, how many of them are not closed, how many were moved, their cases (text), and
-- the states of those that were not.
-- $1 number of a finding, reference of a message, or case key; $2 event; $3 person; $4 reason; $5 to whom, or empty;
-- $6 end of the silence, or null; $7 states from which the event is known, $8 where it leads from each of them
WITH told AS (
  SELECT DISTINCT l.finding_id, m.case_key
  FROM message m JOIN message_finding l USING (message_id)
  WHERE (m.ref = $1::text OR m.case_key = $1::text OR l.finding_id::text = $1::text)
    AND m.case_key NOT LIKE 'digest/%' AND m.case_key NOT LIKE 'test/%'
), gathered AS (
  -- What a digest tells of: the cases that it carried.
  SELECT DISTINCT l.finding_id, e.case_key
  FROM message d JOIN message e ON e.superseded_by = d.message_id JOIN message_finding l ON l.message_id = e.message_id
  WHERE d.ref = $1::text AND d.case_key LIKE 'digest/%'
), subject AS (
  SELECT finding_id FROM told UNION SELECT finding_id FROM gathered
  UNION SELECT finding_id FROM finding WHERE finding_id::text = $1::text
), cases AS (
  SELECT case_key FROM told UNION SELECT case_key FROM gathered
), locked AS (
  SELECT f.finding_id, f.state FROM finding f JOIN subject USING (finding_id) ORDER BY f.finding_id FOR UPDATE OF f
), moved AS (
  UPDATE finding f
  SET state = ($8::text[])[array_position($7::text[], f.state)],
    assignee = CASE WHEN $2::text IN ('assigned', 'escalated') THEN $5::text ELSE f.assignee END
  FROM locked k
  WHERE f.finding_id = k.finding_id AND k.state = ANY ($7::text[])
    -- Silence is kept by the case: without one there is nothing to keep silent.
    AND ($2::text NOT IN ('silenced', 'unsilenced') OR EXISTS (SELECT FROM cases))
    AND ($2::text <> 'unsilenced' OR EXISTS (SELECT FROM cases c WHERE silence_end(c.case_key, now()) > now()))
  RETURNING f.finding_id, f.amount_fen
), logged AS (
  INSERT INTO finding_event (finding_id, seq, event, actor, amount_fen, evidence)
  SELECT m.finding_id, (SELECT max(e.seq) FROM finding_event e WHERE e.finding_id = m.finding_id) + 1, $2::text, $3::text,
    m.amount_fen, jsonb_strip_nulls(jsonb_build_object('reason', nullif($4::text, ''), 'to', nullif($5::text, ''),
      'until', $6::timestamptz))
  FROM moved m
), kept AS (
  INSERT INTO silence (case_key, author, reason, ends_at)
  SELECT case_key, $3::text, $4::text, $6::timestamptz FROM cases
  WHERE $2::text = 'silenced' AND EXISTS (SELECT FROM moved)
), ended AS (
  UPDATE silence s SET ends_at = greatest(begins_at, now()) FROM cases c
  WHERE $2::text = 'unsilenced' AND s.case_key = c.case_key AND s.ends_at > now() AND EXISTS (SELECT FROM moved)
), waiting AS (
  -- What waits, waits for the end; what was refused for the time being is as good as never sent.
  UPDATE message m
  SET next_try_at = CASE WHEN $2::text = 'silenced' THEN greatest(m.next_try_at, $6::timestamptz) ELSE now() END,
    state = CASE WHEN m.state = 'retry' THEN 'queued' ELSE m.state END
  FROM cases c
  WHERE m.case_key = c.case_key AND m.state IN ('queued', 'retry', 'unknown') AND EXISTS (SELECT FROM moved)
    AND ($2::text = 'silenced' OR ($2::text = 'unsilenced' AND m.next_try_at >= silence_end(m.case_key, now())))
), version AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM moved)
)
SELECT (SELECT count(*) FROM locked), (SELECT count(*) FROM locked WHERE state <> 'closed'), (SELECT count(*) FROM moved),
  coalesce((SELECT string_agg(case_key, ' ' ORDER BY case_key COLLATE "C") FROM cases), ''),
  coalesce((SELECT string_agg(DISTINCT state, ', ') FROM locked), ''), pg_notify('setaside_outbox', '')
