-- Refused rows.
COPY refused (kind, file, place, field, value, code, reason, row_text, row_key) FROM STDIN
