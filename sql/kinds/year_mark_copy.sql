-- New versions of year_mark rows, straight into the current table.
COPY year_mark (
  key, print, batch_id, place, extra, fiscal_year, unit_code, mark, marked_on, marked_by, reason
) FROM STDIN (FORMAT binary)
