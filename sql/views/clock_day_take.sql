-- clock_day_take(today): the day to evaluate. A clock that is set back by a day or two (a bad time server, a battery)
-- must not close what fell due meanwhile only to open and tell it again: until it has caught up, the later day stays. A
-- clock that was further ahead than that had been wrong before, so today counts. Writes only when the day moves.
DROP FUNCTION IF EXISTS clock_day_take(date);
CREATE FUNCTION clock_day_take(today date) RETURNS date LANGUAGE sql VOLATILE AS $$
  WITH moved AS (
    INSERT INTO clock_day (day) VALUES (today)
    ON CONFLICT (only_one) DO UPDATE SET day = excluded.day
      WHERE clock_day.day < excluded.day OR clock_day.day > excluded.day + 2
    RETURNING day
  )
  SELECT coalesce((SELECT day FROM moved), (SELECT day FROM clock_day))
$$;
COMMENT ON FUNCTION clock_day_take(date) IS 'the day to evaluate when nobody asked for another: never a day or two back';
