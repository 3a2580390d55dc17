-- $1 number, $2 name, $3 checksum, $4 program version of a migration that was applied in this transaction.
INSERT INTO setaside.schema_migration (number, name, sha256, program) VALUES ($1, $2, $3, $4)
