-- New versions of complaint rows, straight into the current table.
COPY complaint (
  key, print, batch_id, place, extra, complaint_no, contract_no, accepted_on, handed_over_on, extended,
  answered_on, result, not_admitted_ground
) FROM STDIN (FORMAT binary)
