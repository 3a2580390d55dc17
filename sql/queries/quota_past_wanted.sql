-- Whether anything can still be told of a year that is over: more of a gap that was told, or its final figures.
-- $1 fiscal year, $2 known batch
SELECT EXISTS (SELECT FROM quota_told WHERE fiscal_year = $1::integer AND open AND grade <> 'final')
  OR EXISTS (SELECT FROM year_mark_at($2::bigint) WHERE fiscal_year = $1::integer AND mark = 'closed')
