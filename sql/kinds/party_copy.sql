-- New versions of party rows, straight into the current table.
COPY party (
  key, print, batch_id, place, extra, parent_kind, parent_no, seq, role, supplier_id, supplier_name, size_word,
  size_class, deemed, share_ppm, amount_fen, related_to_large
) FROM STDIN (FORMAT binary)
