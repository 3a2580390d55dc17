-- New versions of unit rows, straight into the current table.
COPY unit (
  key, print, batch_id, place, extra, unit_code, uscc, name, parent_code, kind, valid_from, valid_to, contact
) FROM STDIN (FORMAT binary)
