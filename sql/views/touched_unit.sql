-- touched_unit(after, fiscal_year): the units whose set-aside figures of a year may differ from those of a run that knew batch
-- `after`, paid amounts apart: those follow the obligation states. A unit is touched by its own rows, old and new, by a
-- supplier of its contracts, and by a unit above it, because that decides to which department it belongs. A row null: nothing
-- of a unit, but a person's word on the year. A register entry touches the unit of its project, of its contract, and every unit
-- that has a contract of the year with its supplier. A notice, or a contract of the year
-- before, touches the unit whose project it may take. A unit too many costs its judging only. Parties bear on no figure.
DROP FUNCTION IF EXISTS touched_unit(bigint, integer);
CREATE FUNCTION touched_unit(after bigint, fiscal_year integer) RETURNS TABLE (unit_code text) LANGUAGE sql STABLE AS $$
WITH RECURSIVE span AS MATERIALIZED (
  SELECT make_date(touched_unit.fiscal_year, 1, 1) AS first, make_date(touched_unit.fiscal_year, 12, 31) AS last,
    make_date(touched_unit.fiscal_year - 1, 1, 1) AS before
), notice_reached AS MATERIALIZED (
  SELECT n.unit_code, n.project_code FROM notice n, span
  WHERE batch_id > after AND n.project_code <> '' AND published_on BETWEEN before AND last
  UNION SELECT n.unit_code, n.project_code FROM notice_history n, span
  WHERE to_batch > after AND n.project_code <> '' AND published_on BETWEEN before AND last
), entry AS MATERIALIZED (
  SELECT r.unit_code, r.supplier_uscc, r.contract_no FROM register_entry r WHERE batch_id > after
  UNION SELECT r.unit_code, r.supplier_uscc, r.contract_no FROM register_entry_history r WHERE to_batch > after
), unit_reached AS (
  SELECT u.unit_code FROM unit u WHERE batch_id > after
  UNION SELECT u.unit_code FROM unit_history u WHERE to_batch > after
), unit_below AS (
  SELECT r.unit_code FROM unit_reached r
  UNION SELECT u.unit_code FROM unit u JOIN unit_below b ON u.parent_code = b.unit_code
)
SELECT b.unit_code FROM budget_item b
  WHERE batch_id > after AND b.fiscal_year BETWEEN touched_unit.fiscal_year - 1 AND touched_unit.fiscal_year
UNION SELECT b.unit_code FROM budget_item_history b
  WHERE to_batch > after AND b.fiscal_year BETWEEN touched_unit.fiscal_year - 1 AND touched_unit.fiscal_year
UNION SELECT c.unit_code FROM contract c, span WHERE batch_id > after AND signed_on BETWEEN before AND last
UNION SELECT c.unit_code FROM contract_history c, span WHERE to_batch > after AND signed_on BETWEEN before AND last
UNION SELECT b.unit_code FROM notice_reached n JOIN budget_item b ON b.project_code = n.project_code
  WHERE b.fiscal_year = touched_unit.fiscal_year AND (n.unit_code = '' OR n.unit_code = b.unit_code)
UNION SELECT c.unit_code
  FROM (SELECT contract_no FROM amendment WHERE batch_id > after UNION SELECT contract_no FROM amendment_history WHERE to_batch > after) a
    JOIN contract c ON c.contract_no = a.contract_no
UNION SELECT c.unit_code
  FROM (SELECT uscc FROM supplier WHERE batch_id > after UNION SELECT uscc FROM supplier_history WHERE to_batch > after
      UNION SELECT e.supplier_uscc FROM entry e WHERE e.supplier_uscc <> '') s
    JOIN contract c ON c.supplier_uscc = s.uscc CROSS JOIN span
  WHERE c.signed_on BETWEEN first AND last
UNION SELECT e.unit_code FROM entry e WHERE e.unit_code <> ''
UNION SELECT c.unit_code FROM entry e JOIN contract c ON c.contract_no = e.contract_no WHERE e.contract_no <> ''
UNION SELECT b.unit_code FROM unit_below b
UNION SELECT NULL WHERE EXISTS (SELECT FROM year_mark WHERE batch_id > after)
  OR EXISTS (SELECT FROM year_mark_history WHERE to_batch > after)
$$;
COMMENT ON FUNCTION touched_unit(bigint, integer) IS 'units whose set-aside figures have to be computed again';
