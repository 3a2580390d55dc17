-- Records outcomes of leased messages: their states, one delivery row each, the health of their channels.
-- Only rows still held under the given epoch move, so doing it again changes nothing.
-- Arrays of one length: $1 message ids, $2 epochs, $3 classes, $4 answers, $5 next states, $6 waits in ms,
-- $7 pauses the endpoint asked for in ms, $8 and $9 begin and end in Unix microseconds, $10 bytes,
-- $11 endpoint faults, $12 endpoints that are gone, $13 first probe waits in ms, $14 parts acknowledged so far,
-- $15 requests, $16 our clock minus the endpoint's in s;
-- $17 faults in a row that open the circuit, $18 longest wait for a probe in ms
WITH said AS (
  SELECT *
  FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[],
              $9::bigint[], $10::bigint[], $11::boolean[], $12::boolean[], $13::bigint[],
              $14::integer[], $15::integer[], $16::bigint[])
    AS s (message_id, lease_epoch, class, answer, state, wait_ms, pause_ms, started_us, finished_us, bytes,
          fault, gone, probe_ms, parts_done, requests, clock_ahead_s)
), moved AS (
  UPDATE message m
  SET state = s.state, lease_until = NULL,
      -- A person may have asked for silence while it was under way.
      next_try_at = CASE WHEN s.state IN ('retry', 'unknown')
        THEN silence_end(m.case_key, now() + s.wait_ms * interval '1 millisecond') ELSE now() END,
      maybe_sent = m.maybe_sent OR s.class = 'unknown', last_class = s.class, last_answer = s.answer,
      parts_done = s.parts_done
  FROM said s
  WHERE m.message_id = s.message_id AND m.lease_epoch = s.lease_epoch AND m.state = 'sending'
  RETURNING m.message_id, m.attempts, m.channel, m.recipient, m.case_key, m.event, m.severity, m.state, m.maybe_sent,
            m.parts_done, s.class, s.answer, s.pause_ms, s.started_us, s.finished_us, s.bytes, s.fault, s.gone, s.probe_ms, s.requests, s.clock_ahead_s
), freed AS (
  -- A digest that is refused for good, or given up while the endpoint answers, takes no case with it: each leaves by itself.
  UPDATE message c
  SET state = 'queued', superseded_by = NULL, alone = true, held = false, next_try_at = silence_end(c.case_key, now()),
      maybe_sent = c.maybe_sent OR m.maybe_sent OR m.parts_done > 0
  FROM moved m
  WHERE (m.state = 'rejected' OR m.state = 'failed' AND NOT m.fault) AND m.case_key LIKE 'digest/%' AND c.superseded_by = m.message_id AND c.state = 'superseded'
), health AS (
  SELECT m.channel, bool_or(m.class = 'acknowledged') AS well, count(*) FILTER (WHERE m.fault) AS faults,
         bool_or(m.gone) AS gone, max(m.answer) FILTER (WHERE m.gone) AS reason,
         max(m.pause_ms) AS pause_ms, max(m.probe_ms) AS probe_ms, (array_agg(m.clock_ahead_s ORDER BY m.finished_us DESC))[1] AS clock_ahead_s
  FROM moved m
  GROUP BY m.channel
), counted AS (
  SELECT h.*, c.broken_since IS NOT NULL AS was_broken,
         -- Many that failed together are one failure of the endpoint once the circuit opens: its probes must not grow by them.
         CASE WHEN h.well THEN 0
           ELSE least(c.failures + h.faults, greatest(c.failures + sign(h.faults)::bigint, $17::bigint)) END AS failures
  FROM health h JOIN channel c ON c.name = h.channel
), channels AS (
  UPDATE channel c
  SET failures = n.failures,
      broken_since = CASE WHEN n.failures >= $17::bigint THEN coalesce(c.broken_since, now()) END,
      probe_at = greatest(
        CASE WHEN n.failures >= $17::bigint THEN now() + interval '1 millisecond'
          * (least($18::numeric, n.probe_ms::numeric * (n.failures - $17::bigint + 1) ^ 2)
             * (0.91 + 0.09 * random())::numeric)::bigint END,
        CASE WHEN n.pause_ms > 0 THEN now() + n.pause_ms * interval '1 millisecond' END),
      clock_ahead_s = n.clock_ahead_s,
      enabled = c.enabled AND NOT n.gone,
      disabled_reason = CASE WHEN n.gone THEN n.reason ELSE c.disabled_reason END
  FROM counted n
  WHERE c.name = n.channel
), revived AS (
  -- The endpoint is back: what waited for it need not wait any longer, unless a person asked for silence about it.
  UPDATE message m SET next_try_at = silence_end(m.case_key, now())
  FROM counted n
  WHERE n.well AND n.was_broken AND m.channel = n.channel AND m.state IN ('retry', 'unknown') AND m.next_try_at > now()
), stood AS (
  -- Where the receiver forgets: the last that it was told of a case.
  INSERT INTO standing AS t (channel, case_key, message_id, severity, ends_at)
  SELECT DISTINCT ON (m.channel, m.case_key) m.channel, m.case_key, m.message_id, m.severity,
    CASE WHEN m.event = 'closed' THEN now() + interval '5 minutes' END
  FROM moved m JOIN channel c ON c.name = m.channel AND c.stands
  WHERE m.class = 'acknowledged' AND m.case_key NOT LIKE 'test/%' AND m.case_key NOT LIKE 'digest/%'
  ORDER BY m.channel, m.case_key, m.message_id DESC
  ON CONFLICT (channel, case_key) DO UPDATE SET message_id = excluded.message_id, ends_at = excluded.ends_at,
    severity = CASE WHEN excluded.ends_at IS NULL THEN excluded.severity ELSE t.severity END
  WHERE t.message_id < excluded.message_id
), counter AS (
  UPDATE delivery_counter SET last_no = last_no + (SELECT count(*) FROM moved)
  WHERE EXISTS (SELECT FROM moved)
  RETURNING last_no
), version AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM moved)
)
INSERT INTO delivery
  (delivery_no, message_id, attempt, channel, recipient, started_at, finished_at, bytes, class, answer, requests)
SELECT counter.last_no + 1 - row_number() OVER (ORDER BY moved.finished_us DESC, moved.message_id DESC),
       message_id, attempts, channel, recipient,
       timestamptz 'epoch' + started_us * interval '1 microsecond',
       timestamptz 'epoch' + finished_us * interval '1 microsecond', bytes, class, answer, requests
FROM moved, counter
