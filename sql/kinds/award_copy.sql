-- New versions of award rows, straight into the current table.
COPY award (
  key, print, batch_id, place, extra, award_id, process_id, unit_code, buyer_name, title, status, awarded_on,
  amount_fen, currency
) FROM STDIN (FORMAT binary)
