-- New versions of event rows, straight into the current table.
COPY event (
  key, print, batch_id, place, extra, contract_no, instalment, kind, seq, happened_on, result, part_ppm,
  amount_fen, document
) FROM STDIN (FORMAT binary)
