-- $1 the batch that the last run knew, $2 the day it looked at, $3 as_of
SELECT quota_touched($1::bigint, $2::date, $3::date)
