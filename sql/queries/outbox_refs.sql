-- Numbers of references continue after $1, which a sender has seen leave: a database restored from a backup had forgotten
-- them. One row when it had. (Drawn one by one, as the daemon's role may; an absurd gap is passed in more than one start.)
SELECT count(nextval('message_ref_seq'))
FROM message_ref_seq s CROSS JOIN LATERAL generate_series(1, least($1::bigint - s.last_value + (NOT s.is_called)::integer, 10000000))
HAVING count(*) > 0
