-- New versions of notice rows, straight into the current table.
COPY notice (
  key, print, batch_id, place, extra, notice_id, unit_code, project_code, package_no, kind, title,
  published_on, first_published_on, budget_fen, ceiling_fen, currency, reserve_form, reserved_for,
  required_share_ppm, suitable_for_sme, ended_on, end_reason, corrects, buyer_name, preference_ppm, part_preference_ppm
) FROM STDIN (FORMAT binary)
