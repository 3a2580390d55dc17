-- New versions of supplier rows, straight into the current table.
COPY supplier (
  key, print, batch_id, place, extra, uscc, name, size_class, industry_code, employees, revenue_fen,
  assets_fen, size_year, size_source, deemed, large_controlled
) FROM STDIN (FORMAT binary)
