-- One row per applied migration: number, name, checksum.
SELECT number, name, sha256 FROM setaside.schema_migration ORDER BY number
