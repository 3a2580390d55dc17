-- What is wrong with the configured sources, one row for each fault.
SELECT source, fault, detail::text AS detail FROM v_source_fault ORDER BY source COLLATE "C", fault, detail::text COLLATE "C"
