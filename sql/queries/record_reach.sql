-- Whether something changed since the last look that reaches all records: a unit, a person's word on a year or, once notices
-- of the year before are due, a budget row of that year, because any of them may be the only one of its department.
-- $1 the batch that the last look knew, $2 its day, $3 as_of, $4 fiscal year, $5 whether those notices are due
SELECT EXISTS (SELECT FROM unit WHERE batch_id > $1::bigint) OR EXISTS (SELECT FROM unit_history WHERE to_batch > $1::bigint)
  OR EXISTS (SELECT FROM year_mark WHERE batch_id > $1::bigint)
  OR EXISTS (SELECT FROM year_mark_history WHERE to_batch > $1::bigint)
  OR EXISTS (SELECT FROM year_mark WHERE marked_on > $2::date AND marked_on <= $3::date)
  OR $5::boolean AND (EXISTS (SELECT FROM budget_item WHERE batch_id > $1::bigint AND fiscal_year = $4::integer - 1)
    OR EXISTS (SELECT FROM budget_item_history WHERE to_batch > $1::bigint AND fiscal_year = $4::integer - 1)
    OR EXISTS (SELECT FROM budget_item
      WHERE fiscal_year = $4::integer - 1 AND approved_on > $2::date AND approved_on <= $3::date))
