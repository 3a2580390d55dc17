-- Why an entry may not enter the registers, or be withdrawn: one row with a sentence; no row: it may. Under the writer's lock.
-- $1 the row that would come, an object of texts as in the exchange profile; with a withdrawal in it, it withdraws
WITH wanted AS MATERIALIZED (
  SELECT entry_no, register, nullif(fiscal_year, '')::integer AS fiscal_year, unit_code, project_code, package_no, supplier_uscc,
    contract_no, field, valid_from::date AS valid_from, nullif(valid_to, '')::date AS valid_to, withdrawn_on <> '' AS withdraws
  FROM jsonb_to_record($1::jsonb) AS w(entry_no text, register text, fiscal_year text, unit_code text, project_code text,
    package_no text, supplier_uscc text, contract_no text, field text, valid_from text, valid_to text, withdrawn_on text)
), known AS (
  SELECT e.* FROM v_register_entry e JOIN wanted w ON w.entry_no = e.entry_no
), overlapping AS (
  SELECT e.entry_no, e.valid_from, e.valid_to
  FROM v_register_entry e JOIN wanted w ON e.register = w.register AND e.fiscal_year IS NOT DISTINCT FROM w.fiscal_year
    AND e.unit_code = w.unit_code AND e.project_code = w.project_code AND e.package_no = w.package_no
    AND e.supplier_uscc = w.supplier_uscc AND e.contract_no = w.contract_no AND e.field = w.field
    AND daterange(e.valid_from, e.valid_to, '[]') && daterange(w.valid_from, w.valid_to, '[]')
  WHERE e.withdrawn_on IS NULL AND e.entry_no <> w.entry_no AND NOT w.withdraws
  ORDER BY e.entry_no COLLATE "C" LIMIT 1
), corrected AS ( -- what a correction is about; whether it is corrected goes by its own day
  SELECT format('this budget row was approved on %s', b.approved_on) AS what, b.approved_on AS own_day
  FROM wanted w JOIN v_budget_item b ON b.fiscal_year = w.fiscal_year AND b.unit_code = w.unit_code
    AND b.project_code = w.project_code AND (w.package_no = '' OR b.package_no = w.package_no)
  WHERE w.contract_no = ''
  UNION ALL
  SELECT format('contract %s was signed on %s', c.contract_no, c.signed_on), c.signed_on
  FROM wanted w JOIN v_contract c ON c.contract_no = w.contract_no WHERE w.contract_no <> ''
), latest AS (
  SELECT what, own_day FROM corrected ORDER BY own_day DESC NULLS LAST LIMIT 1
), reason AS (
  SELECT 1 AS rank, format('entry %s is withdrawn already: on %s by %s', k.entry_no, k.withdrawn_on, k.withdrawn_by) AS text
    FROM known k, wanted w WHERE w.withdraws AND k.withdrawn_on IS NOT NULL
  UNION ALL SELECT 2, format('there is no entry %s any more', w.entry_no)
    FROM wanted w WHERE w.withdraws AND NOT EXISTS (SELECT FROM known)
  UNION ALL SELECT 3, format('number %s was given to another entry meanwhile: try again', w.entry_no)
    FROM wanted w WHERE NOT w.withdraws AND EXISTS (SELECT FROM known)
  UNION ALL SELECT 4, format('it overlaps with entry %s, valid from %s to %s: withdraw that one first, or choose other days',
      o.entry_no, o.valid_from, coalesce(o.valid_to::text, 'no end'))
    FROM overlapping o
  UNION ALL SELECT 5, format('the budget of %s has no such project or package of unit %s', w.fiscal_year, w.unit_code)
    FROM wanted w
    WHERE NOT w.withdraws AND w.project_code <> '' AND NOT EXISTS (SELECT FROM v_budget_item b
      WHERE b.fiscal_year = w.fiscal_year AND b.unit_code = w.unit_code AND b.project_code = w.project_code
        AND (w.package_no = '' OR b.package_no = w.package_no))
  UNION ALL SELECT 6, format('there is no contract %s', w.contract_no)
    FROM wanted w
    WHERE NOT w.withdraws AND w.contract_no <> '' AND NOT EXISTS (SELECT FROM v_contract c WHERE c.contract_no = w.contract_no)
  UNION ALL SELECT 7, CASE WHEN l.own_day IS NULL
      THEN 'it would change nothing: the record states no day of its own (approved_on, signed_on), and a correction goes by it'
      ELSE format('it would change nothing: %s, which is not in the validity of the correction, from %s to %s: choose days that hold it',
        l.what, w.valid_from, coalesce(w.valid_to::text, 'no end')) END
    FROM wanted w, latest l
    WHERE NOT w.withdraws AND w.register = 'correction' AND NOT EXISTS (SELECT FROM corrected c
      WHERE daterange(w.valid_from, w.valid_to, '[]') @> c.own_day)
)
SELECT text FROM reason ORDER BY rank LIMIT 1
