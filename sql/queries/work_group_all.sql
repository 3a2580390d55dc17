-- Every group: those of the contracts, and those that only old states remember.
INSERT INTO work_group (seq, unit_code, supplier_uscc)
SELECT row_number() OVER (ORDER BY unit_code COLLATE "C", supplier_uscc COLLATE "C") - 1, unit_code, supplier_uscc
FROM (
  SELECT unit_code, supplier_uscc FROM contract WHERE currency = 'CNY'
  UNION SELECT unit_code, supplier_uscc FROM obligation_group
) g
