-- New versions of amendment rows, straight into the current table.
COPY amendment (
  key, print, batch_id, place, extra, contract_no, amended_on, occurrence, amount_change_fen, currency
) FROM STDIN (FORMAT binary)
