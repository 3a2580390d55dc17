-- Sources of the configuration with faults, now.
SELECT source, print, faults::text FROM v_source_faulty ORDER BY source COLLATE "C"
