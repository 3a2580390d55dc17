-- Whether anything can be told now of a year that is over: more of a gap that was told, or its final figures; and since the
-- last run a row of that year came, or a person's word on it. With a new day, and for people who are new, it is looked at
-- whatever came.
-- $1 fiscal year, $2 known batch, $3 the batch that the last run knew; null: whatever came
SELECT (EXISTS (SELECT FROM quota_told WHERE fiscal_year = $1::integer AND open AND grade <> 'final')
    OR EXISTS (SELECT FROM year_mark_at($2::bigint) WHERE fiscal_year = $1::integer AND mark = 'closed'))
  AND ($3::bigint IS NULL OR EXISTS (SELECT FROM touched_unit($3::bigint, $1::integer)))
