-- Adds a review, moves the state version and wakes the checks. The review is of a debt that is overdue exactly as the
-- reviewer saw it and that stands where such a verdict may be given; it touches the debt: the next run judges its group
-- again and takes the row as changed. A review that was never written cannot be withdrawn.
-- Of two reviews in the same instant the second waits for the first and is refused: the row it then holds is no longer the
-- one its snapshot shows (every review rewrites it), so the standing it read may be out of date.
-- One row if the debt is covered and overdue, else none: its standing, oldest due day and overdue amount, whether they are
-- as the reviewer saw them, and the number of the review, null when none was added.
-- $1 obligation_no, $2 verdict, $3 reviewer, $4 note, $5 overdue_since and $6 overdue_fen as seen, null = as they stand,
-- $7 standings from which the verdict may be given (text[])
WITH held AS MATERIALIZED (
  SELECT s.obligation_no, s.xmin AS writer FROM obligation_state s WHERE s.obligation_no = $1::text FOR UPDATE
), seen AS (
  SELECT v.obligation_no, v.standing, v.overdue_since, v.overdue_fen,
    coalesce(v.overdue_since = $5::date, true) AND coalesce(v.overdue_fen = $6::bigint, true)
      AND h.writer = s.xmin AS same,
    v.standing = ANY ($7::text[]) AND ($2::text <> 'withdrawn' OR v.review_id IS NOT NULL) AS allowed
  FROM v_obligation_standing v
    JOIN obligation_state s ON s.obligation_no = v.obligation_no
    JOIN held h ON h.obligation_no = v.obligation_no
  WHERE v.obligation_no = $1::text
), added AS (
  INSERT INTO obligation_review (obligation_no, verdict, reviewer, note, overdue_since, overdue_fen)
  SELECT obligation_no, $2::text, $3::text, $4::text, overdue_since, overdue_fen FROM seen WHERE same AND allowed
  RETURNING review_id
), touched AS (
  UPDATE obligation_state SET print = '00000000-0000-0000-0000-000000000000'
  WHERE obligation_no = $1::text AND overdue_since IS NOT NULL AND EXISTS (SELECT FROM added)
  RETURNING unit_code, supplier_uscc, overdue_since
), due AS (
  UPDATE obligation_group g SET next_change_on = t.overdue_since, print = '00000000-0000-0000-0000-000000000000'
  FROM touched t WHERE g.unit_code = t.unit_code AND g.supplier_uscc = t.supplier_uscc
), moved AS (
  UPDATE state_version SET version = version + 1 WHERE EXISTS (SELECT FROM added)
), woken AS (
  SELECT pg_notify('setaside_batch', '') FROM added
)
SELECT s.standing, s.overdue_since, s.overdue_fen, s.same, a.review_id, (SELECT count(*) FROM woken) AS woken
FROM seen s LEFT JOIN added a ON true
