-- Several messages of one case that wait for the same reader become one: the latest, which says what came before it
-- ("preceded" of its payload). The others keep their rows, superseded by it. What may have arrived leaves by itself first.
-- $1 channel, $2 most of them named in the payload
WITH gate AS (
  SELECT name FROM channel WHERE name = $1 AND enabled FOR NO KEY UPDATE
), several AS (
  SELECT m.case_key, m.recipient
  FROM message m JOIN gate g ON g.name = m.channel
  WHERE m.channel = $1 AND m.state IN ('queued', 'retry', 'unknown') AND m.case_key NOT LIKE 'test/%'
  GROUP BY m.case_key, m.recipient
  HAVING count(*) FILTER (WHERE m.state <> 'unknown' AND m.parts_done = 0 AND NOT m.maybe_sent) > 1
), free AS (
  SELECT m.message_id
  FROM message m JOIN several s ON s.case_key = m.case_key AND s.recipient = m.recipient
  WHERE m.channel = $1 AND m.state IN ('queued', 'retry') AND m.parts_done = 0 AND NOT m.maybe_sent
    AND NOT EXISTS (
      SELECT FROM message e
      WHERE e.case_key = m.case_key AND e.channel = m.channel AND e.recipient = m.recipient
        AND e.message_id < m.message_id
        AND (e.state IN ('sending', 'unknown') OR e.maybe_sent AND e.state IN ('queued', 'retry')))
  ORDER BY m.message_id
  FOR UPDATE OF m SKIP LOCKED
), waiting AS (
  SELECT m.*, count(*) OVER w AS several, row_number() OVER (w ORDER BY m.message_id DESC) = 1 AS latest
  FROM message m JOIN free USING (message_id)
  WINDOW w AS (PARTITION BY m.case_key, m.recipient)
), before AS (
  -- What the latest stands for, oldest first; of a long row of them the newest $2 are named and the others counted.
  SELECT x.case_key, x.recipient,
    jsonb_agg(x.item ORDER BY x.message_id, x.place) FILTER (WHERE x.from_end <= $2::integer) AS preceded,
    count(*) FILTER (WHERE x.from_end > $2::integer) AS unnamed
  FROM (
    SELECT e.case_key, e.recipient, e.message_id, i.item, i.place,
      row_number() OVER (PARTITION BY e.case_key, e.recipient ORDER BY e.message_id DESC, i.place DESC) AS from_end
    FROM waiting e
      CROSS JOIN LATERAL jsonb_array_elements(coalesce(e.payload -> 'preceded', '[]'::jsonb) || CASE WHEN e.latest
        THEN '[]'::jsonb
        ELSE jsonb_build_array(jsonb_build_object('ref', e.ref, 'event', e.event,
          'timestamp', coalesce(e.payload ->> 'timestamp', ''))) END) WITH ORDINALITY AS i (item, place)
    WHERE e.several > 1) AS x
  GROUP BY x.case_key, x.recipient
), bound AS (
  -- The merged message is as urgent as the most urgent of them and leaves when the first of them may, unless it says that
  -- the case is over.
  SELECT w.case_key, w.recipient, max(w.message_id) AS message_id,
    severity_of(max(severity_rank(w.severity))) AS severity,
    bool_and(w.held) AS held, min(w.next_try_at) AS next_try_at, bool_or(w.alone) AS alone,
    sum(coalesce((w.payload ->> 'preceded_more')::bigint, 0)) AS more
  FROM waiting w
  WHERE w.several > 1
  GROUP BY w.case_key, w.recipient
), merged AS (
  -- In place: the latest keeps its number, so a message that a run is just writing stays the later one.
  UPDATE message l
  SET severity = CASE WHEN l.event = 'closed' THEN l.severity ELSE b.severity END,
      held = CASE WHEN l.event = 'closed' THEN l.held ELSE b.held END,
      next_try_at = CASE WHEN l.event = 'closed' THEN l.next_try_at ELSE b.next_try_at END,
      alone = b.alone,
      payload = l.payload
        || CASE WHEN l.event = 'closed' THEN '{}'::jsonb ELSE jsonb_build_object('severity', b.severity) END
        || jsonb_build_object('preceded', p.preceded)
        || CASE WHEN b.more + p.unnamed > 0 THEN jsonb_build_object('preceded_more', b.more + p.unnamed) ELSE '{}'::jsonb END
  FROM bound b JOIN before p USING (case_key, recipient)
  WHERE l.message_id = b.message_id
  RETURNING l.message_id, l.case_key, l.recipient
), gone AS (
  UPDATE message m SET state = 'superseded', superseded_by = n.message_id
  FROM waiting w JOIN merged n ON n.case_key = w.case_key AND n.recipient = w.recipient
  WHERE m.message_id = w.message_id AND NOT w.latest
  RETURNING m.message_id, m.superseded_by
), linked AS (
  INSERT INTO message_finding (message_id, finding_id, event_seq)
  SELECT DISTINCT g.superseded_by, f.finding_id, f.event_seq
  FROM gone g JOIN message_finding f USING (message_id)
  ON CONFLICT DO NOTHING
), version AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM gone)
)
SELECT count(*) FROM gone
