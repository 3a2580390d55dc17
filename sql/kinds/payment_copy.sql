-- New versions of payment rows, straight into the current table.
COPY payment (
  key, print, batch_id, place, extra, voucher_no, contract_no, obligation_no, unit_code, payee_uscc,
  payee_name, amount_fen, currency, voucher_on, cleared_on, received_on, instrument, matures_on,
  reverses_voucher_no
) FROM STDIN (FORMAT binary)
