-- Reviews, newest first: review_id, obligation_no, reviewed_at, verdict, reviewer, note, overdue_since, overdue_fen as the
-- reviewer saw them, latest of its debt; last column the cursor.
-- $1 obligation_no or null, $2 reviewer or null, $3 limit, $4 cursor or null
SELECT review_id, obligation_no, to_char(reviewed_at, 'YYYY-MM-DD"T"HH24:MI:SSOF') AS reviewed_at, verdict, reviewer, note,
  overdue_since, overdue_fen, latest, review_id AS cursor
FROM v_obligation_review
WHERE ($1::text IS NULL OR obligation_no = $1::text) AND ($2::text IS NULL OR reviewer = $2::text)
  AND ($4::bigint IS NULL OR review_id < $4::bigint)
ORDER BY review_id DESC
LIMIT $3::bigint
