-- Gathers what waits on one channel into digests that name every case: when more than half of the rate budget waits, or
-- when the time of held messages has come. Each gathered message keeps its row, with the digest that carries it.
-- What may have arrived, is under way, was in a digest that was refused, or follows such a one of its case stays by itself.
-- What follows one in a digest waits for that digest: digests do not wait for each other, so in a second it could arrive
-- first.
-- $1 channel, $2 most cases in one digest, $3 most bytes of its items or null, $4 most messages looked at, the oldest first
WITH gate AS (
  SELECT name, rate_count FROM channel WHERE name = $1 AND enabled FOR NO KEY UPDATE
), free AS (
  SELECT m.message_id
  FROM message m JOIN gate g ON g.name = m.channel
  WHERE m.channel = $1 AND m.state IN ('queued', 'retry') AND m.parts_done = 0
    AND NOT m.maybe_sent AND NOT m.alone
    AND EXISTS (SELECT FROM channel_recipient a WHERE a.channel = m.channel AND a.recipient = m.recipient)
    AND (m.next_try_at <= now() OR m.state = 'retry') AND silence_end(m.case_key, now()) = now()
    AND m.case_key NOT LIKE 'test/%' AND m.case_key NOT LIKE 'digest/%'
    AND NOT EXISTS (
      SELECT FROM message e
      WHERE e.case_key = m.case_key AND e.channel = m.channel AND e.recipient = m.recipient
        AND e.message_id < m.message_id
        AND (e.state IN ('sending', 'unknown') OR (e.maybe_sent OR e.alone) AND e.state IN ('queued', 'retry')))
    AND NOT EXISTS (
      SELECT FROM message e JOIN message d ON d.message_id = e.superseded_by
      WHERE e.case_key = m.case_key AND e.channel = m.channel AND e.recipient = m.recipient
        AND e.message_id < m.message_id AND e.state = 'superseded' AND d.message_id <> m.message_id
        AND d.case_key LIKE 'digest/%' AND d.state IN ('queued', 'sending', 'retry', 'unknown'))
  ORDER BY m.message_id
  LIMIT $4::integer
  FOR UPDATE OF m SKIP LOCKED
), waiting AS (
  SELECT m.*, coalesce(message_amount(m.payload), 0) AS amount_fen, severity_rank(m.severity) AS rank,
    row_number() OVER (PARTITION BY m.recipient, m.case_key ORDER BY m.message_id DESC) = 1 AS latest
  FROM message m JOIN free USING (message_id)
), crowded AS (
  SELECT w.recipient
  FROM waiting w CROSS JOIN gate g
  GROUP BY w.recipient, g.rate_count
  HAVING (bool_or(w.held) AND count(DISTINCT w.case_key) > 1)
    OR (g.rate_count > 0 AND count(DISTINCT w.case_key) > greatest(1, g.rate_count / 2))
), item AS (
  SELECT w.*, count(*) OVER (PARTITION BY w.recipient) AS total, jsonb_build_object(
      'ref', w.ref, 'case', w.case_key, 'type', w.payload ->> 'type', 'event', w.event, 'severity', w.severity,
      'unit_code', w.unit_code, 'unit_name', coalesce(w.payload #>> '{unit,name}', ''),
      'rows_total', coalesce((w.payload #>> '{arrears,rows_total}')::bigint, 0), 'amount_fen', w.amount_fen,
      'due_total', coalesce((w.payload #>> '{arrears,due_soon,rows_total}')::bigint, 0),
      'due_fen', coalesce((w.payload #>> '{arrears,due_soon,amount_fen}')::bigint, 0)) AS said
  FROM waiting w JOIN crowded USING (recipient)
  WHERE w.latest
), filled AS (
  SELECT i.*, row_number() OVER w - 1 AS before, sum(octet_length(i.said::text)) OVER w - octet_length(i.said::text) AS bytes_before
  FROM item i
  WINDOW w AS (PARTITION BY i.recipient ORDER BY i.rank DESC, i.amount_fen DESC, i.message_id)
), chunked AS (
  -- Neither more cases nor more bytes than a digest carries (one item may stand over).
  SELECT f.*, dense_rank() OVER (PARTITION BY f.recipient ORDER BY f.before / $2::integer,
      coalesce(div(f.bytes_before, $3::bigint), 0)) AS chunk
  FROM filled f
), cases AS (
  SELECT *, min(message_id) OVER (PARTITION BY recipient, chunk) AS first FROM chunked
), digest AS (
  INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, recipient, payload)
  SELECT message_ref((now() AT TIME ZONE 'Asia/Shanghai')::date),
    'digest/' || c.channel || '/' || min(c.message_id), 'opened', 'digest',
    severity_of(max(c.rank)), 'district', c.channel, c.recipient,
    jsonb_build_object('type', 'sme.digest', 'event', 'opened',
      'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      'as_of', coalesce(max(c.payload ->> 'as_of'), to_char(now(), 'YYYY-MM-DD')), 'case', 'digest/' || c.channel || '/' || min(c.message_id),
      'severity', severity_of(max(c.rank)),
      'rules', jsonb_agg(DISTINCT c.rule_id), 'citations', '[]'::jsonb,
      'demonstration', coalesce(bool_or(c.payload -> 'demonstration' = 'true'::jsonb), false),
      'jurisdiction', coalesce(max(c.payload ->> 'jurisdiction'), ''),
      'unit', jsonb_build_object('code', 'district', 'name', ''), 'findings', '[]'::jsonb,
      'program', coalesce(max(c.payload ->> 'program'), ''),
      -- What the latest of them knew.
      'coverage', coalesce((array_agg(c.payload -> 'coverage' ORDER BY (c.payload #>> '{coverage,known_batch}')::bigint DESC
        NULLS LAST))[1], '{}'::jsonb),
      'digest', jsonb_build_object('cases_total', max(c.total), 'items', jsonb_agg(c.said
        ORDER BY c.rank DESC, c.amount_fen DESC, c.message_id)))
  FROM cases c
  GROUP BY c.channel, c.recipient, c.chunk
  RETURNING message_id, case_key, recipient
), carried AS (
  -- Every waiting message of a case goes where the case's latest went.
  SELECT w.message_id, d.message_id AS digest_id
  FROM cases c
    JOIN digest d ON d.recipient = c.recipient AND d.case_key = 'digest/' || c.channel || '/' || c.first
    JOIN waiting w ON w.recipient = c.recipient AND w.case_key = c.case_key
), gone AS (
  UPDATE message m SET state = 'superseded', superseded_by = g.digest_id
  FROM carried g WHERE m.message_id = g.message_id
), linked AS (
  INSERT INTO message_finding (message_id, finding_id, event_seq)
  SELECT DISTINCT g.digest_id, f.finding_id, f.event_seq
  FROM carried g JOIN message_finding f USING (message_id)
), version AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM digest)
)
-- Whether more may wait.
SELECT EXISTS (SELECT FROM carried) AND (SELECT count(*) FROM free) = $4::integer
