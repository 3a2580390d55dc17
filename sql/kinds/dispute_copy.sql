-- New versions of dispute rows, straight into the current table.
COPY dispute (
  key, print, batch_id, place, extra, dispute_id, obligation_no, opened_on, amount_fen, ground, separable,
  settled_on, agreed_fen, agreed_due_on
) FROM STDIN (FORMAT binary)
