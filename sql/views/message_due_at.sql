-- message_due_at(…): when a message may leave: now, after the quiet hours, on the next working day, or at the time of its
-- digest. Urgent ones leave at once. A digest leaves at 09:00 plus an offset of its channel (1 to 29 minutes, never a
-- full or half hour); a weekly one on the week's first day that counts. A day that the calendar does not know counts as
-- working from Monday to Friday: a missing year delays no message.
DROP FUNCTION IF EXISTS message_due_at(text, time, time, boolean, text, text, timestamptz);
CREATE FUNCTION message_due_at(digest text, quiet_from time, quiet_to time, working_days boolean, channel text,
  severity text, at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  WITH days AS (
    SELECT d::date AS day, NOT working_days
      OR coalesce((SELECT c.kind = 'workday' FROM calendar_day c WHERE c.day = d::date AND c.to_batch IS NULL),
                  extract(isodow FROM d) < 6) AS counts
    FROM generate_series((at AT TIME ZONE 'Asia/Shanghai')::date - 7, (at AT TIME ZONE 'Asia/Shanghai')::date + 40,
      interval '1 day') AS d
  ), moments AS (
    SELECT day, day + moment AS local
    FROM days,
      LATERAL (SELECT CASE WHEN digest <> 'off' THEN '09:00'::time
          + (1 + (hashtext(channel) & 2147483647) % 29) * interval '1 minute'
        ELSE coalesce(quiet_to, CASE WHEN working_days THEN '08:30'::time ELSE '00:00'::time END) END AS moment) AS m
    WHERE counts AND (digest <> 'weekly' OR NOT EXISTS (
      SELECT FROM days b WHERE b.counts AND b.day < days.day AND date_trunc('week', b.day) = date_trunc('week', days.day)))
    UNION ALL
    SELECT day, at AT TIME ZONE 'Asia/Shanghai'
    FROM days
    WHERE digest = 'off' AND counts AND day = (at AT TIME ZONE 'Asia/Shanghai')::date
  )
  SELECT CASE WHEN severity = 'urgent' THEN at ELSE coalesce((
    SELECT min(local) AT TIME ZONE 'Asia/Shanghai'
    FROM moments
    WHERE local >= at AT TIME ZONE 'Asia/Shanghai'
      AND (quiet_from IS NULL OR digest <> 'off' OR CASE WHEN quiet_from <= quiet_to
        THEN local::time < quiet_from OR local::time >= quiet_to
        ELSE local::time < quiet_from AND local::time >= quiet_to END)), at) END
$$;
COMMENT ON FUNCTION message_due_at(text, time, time, boolean, text, text, timestamptz)
  IS 'when a route lets a message leave';
