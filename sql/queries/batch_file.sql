-- One file of original bytes ($1 batch, $2 number, $3 name, $4 kind, $5 format, $6 SHA-256, $7 bytes).
INSERT INTO batch_file (batch_id, file_no, name, kind, format, sha256, bytes)
VALUES ($1::bigint, $2::integer, $3, $4, $5, $6, $7::bigint)
