-- The combined checksum of the views that are there; empty = none are.
SELECT sha256 FROM setaside.schema_view
