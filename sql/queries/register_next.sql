-- The number for the next entry of the registers: the year ($1) and a count, "2026-0001".
SELECT $1::integer || '-' || lpad((coalesce(max(substring(entry_no from '^[0-9]{4}-([0-9]{1,9})$')::integer), 0) + 1)::text, 4, '0')
FROM v_register_entry
WHERE entry_no LIKE $1::integer || '-%'
