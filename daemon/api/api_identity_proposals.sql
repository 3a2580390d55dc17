-- Names without a code and codes they may stand for, largest sums first. $1 state or null, $2 role or null, $3 limit,
-- $4 cursor "amount_fen:role/name/code".
SELECT p.role, p.name, p.code, p.known_name, p.because, p.candidates, p.records, p.amount_fen, p.state, p.person, p.reason,
       p.amount_fen || ':' || p.place AS cursor
  FROM (SELECT *, role || '/' || name || '/' || code AS place FROM v_identity_proposal) p
 WHERE ($1::text IS NULL OR p.state = $1)
   AND ($2::text IS NULL OR p.role = $2)
   AND ($4::text IS NULL
        OR p.amount_fen < split_part($4, ':', 1)::bigint
        OR (p.amount_fen = split_part($4, ':', 1)::bigint
            AND p.place COLLATE "C" > substr($4, strpos($4, ':') + 1)))
 ORDER BY p.amount_fen DESC, p.place COLLATE "C"
 LIMIT $3::integer
