-- known_batch_at(moment): the last batch committed by then, 0 when there was none. Numbers are given under the writer's
-- lock, so the batch with the greatest number among those committed by then is the last one.
DROP FUNCTION IF EXISTS known_batch_at(timestamptz);
CREATE FUNCTION known_batch_at(moment timestamptz) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(max(batch_id), 0) FROM batch WHERE committed_at <= moment
$$;
COMMENT ON FUNCTION known_batch_at(timestamptz) IS 'number of the last batch committed at or before the moment';
