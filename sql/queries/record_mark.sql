-- Where a look at the records begins: the last batch, on which basis it will judge, and the day, the batch and the basis of the
-- last look (null = there was none). $1 jurisdiction, $2 program version, $3 as_of
SELECT k.known, md5(concat_ws('|', $1::text, $2::text, verdict_law(k.known, $1::text, $3::date))), m.as_of, m.known_batch, m.basis
FROM (SELECT known_batch_at('infinity') AS known) k LEFT JOIN record_mark m ON true
