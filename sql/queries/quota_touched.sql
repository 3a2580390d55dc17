-- The units whose figures of a year may differ since the last run; a row null: something of the year that is no unit's.
-- $1 the batch that the last run knew, $2 fiscal year, $3 whether this run wrote states of the year's contracts: then the
-- units of the groups that it judged are in it too (work_group_make.sql)
SELECT unit_code FROM touched_unit($1::bigint, $2::integer)
UNION SELECT unit_code FROM work_group WHERE $3::boolean
