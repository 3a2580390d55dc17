-- What the program compares before it works: schema version, combined checksum of the views.
SELECT coalesce((SELECT max(number) FROM setaside.schema_migration), 0),
  coalesce((SELECT sha256 FROM setaside.schema_view), '')
