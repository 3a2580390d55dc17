-- $1 combined checksum of the views that were made in this transaction, empty = dropped; $2 program version.
UPDATE setaside.schema_view SET sha256 = $1, program = $2, changed_at = clock_timestamp()
