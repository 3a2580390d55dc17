-- touched_record(after, last_day, today, fiscal_year, begun): the procurements whose findings may differ from those of a look
-- that knew batch `after` on last_day: a project, else the contract or the unit whose budget rows name none. A procurement is
-- touched by its records and register entries, old and new, by a supplier of its contracts, by an entry about a party of them,
-- by a day in (last_day, today] that one of its records names, and by a term that ended since (begun: the days on which
-- such terms began). contract_no and item name what changed itself, because it may be gone. One too many costs its looking
-- at only; it may come twice. Payments touch the contracts whose terms may breach the regulation: when those are paid
-- nothing is asked any more. A unit publishes its contracts from its first contract notice on: where that may have moved
-- all of its contracts are touched.
DROP FUNCTION IF EXISTS touched_record(bigint, date, date, integer, date[]);
CREATE FUNCTION touched_record(after bigint, last_day date, today date, fiscal_year integer, begun date[])
RETURNS TABLE (project_code text, contract_no text, unit_code text, item text) LANGUAGE sql STABLE AS $$
WITH span AS MATERIALIZED (
  SELECT make_date(touched_record.fiscal_year - 1, 1, 1) AS first
), changed_item AS MATERIALIZED (
  SELECT b.fiscal_year, b.unit_code, b.project_code, b.package_no FROM budget_item b WHERE batch_id > after
  UNION ALL
  SELECT b.fiscal_year, b.unit_code, b.project_code, b.package_no FROM budget_item_history b WHERE to_batch > after
  UNION ALL
  SELECT b.fiscal_year, b.unit_code, b.project_code, b.package_no FROM budget_item b
  WHERE last_day < today AND b.fiscal_year BETWEEN touched_record.fiscal_year - 1 AND touched_record.fiscal_year
    AND ((approved_on > last_day AND approved_on <= today) OR (withdrawn_on > last_day AND withdrawn_on <= today)
      OR (exemption_on > last_day AND exemption_on <= today) OR (notice_on > last_day AND notice_on <= today))
), entry AS MATERIALIZED (
  SELECT r.unit_code, r.project_code, r.contract_no, r.supplier_uscc FROM register_entry r
  WHERE batch_id > after OR (withdrawn_on > last_day AND withdrawn_on <= today)
    OR (valid_from > last_day AND valid_from <= today) OR (valid_to >= last_day AND valid_to < today)
  UNION ALL
  SELECT r.unit_code, r.project_code, r.contract_no, r.supplier_uscc FROM register_entry_history r WHERE to_batch > after
), changed_notice AS MATERIALIZED (
  SELECT n.unit_code, n.project_code, kind, published_on FROM notice n WHERE batch_id > after
  UNION ALL SELECT n.unit_code, n.project_code, kind, published_on FROM notice_history n WHERE to_batch > after
), beginning AS MATERIALIZED (
  SELECT DISTINCT c.unit_code
  FROM changed_notice c
  WHERE c.kind IN ('合同公告', 'contract') AND c.unit_code <> ''
    AND NOT EXISTS (SELECT FROM notice n, span
      WHERE n.unit_code = c.unit_code AND n.kind IN ('合同公告', 'contract') AND n.project_code <> '' AND n.batch_id <= after
        AND n.published_on >= span.first AND n.published_on <= c.published_on)
), number AS MATERIALIZED (
  SELECT a.contract_no FROM amendment a WHERE batch_id > after
  UNION SELECT a.contract_no FROM amendment_history a WHERE to_batch > after
  UNION SELECT a.contract_no FROM amendment a WHERE amended_on > last_day AND amended_on <= today
  UNION SELECT o.contract_no FROM obligation o WHERE batch_id > after AND kind = 'deposit'
  UNION SELECT o.contract_no FROM obligation_history o WHERE to_batch > after AND kind = 'deposit'
  UNION SELECT parent_no FROM party WHERE batch_id > after AND parent_kind = 'contract'
  UNION SELECT parent_no FROM party_history WHERE to_batch > after AND parent_kind = 'contract'
  UNION SELECT e.contract_no FROM entry e WHERE e.contract_no <> ''
  UNION SELECT p.parent_no FROM entry e JOIN party p ON p.supplier_id = e.supplier_uscc
  WHERE e.supplier_uscc <> '' AND p.parent_kind = 'contract'
), changed_payment AS MATERIALIZED (
  SELECT p.contract_no, p.obligation_no, p.reverses_voucher_no FROM payment p WHERE batch_id > after
  UNION ALL
  SELECT p.contract_no, p.obligation_no, p.reverses_voucher_no FROM payment_history p WHERE to_batch > after
  UNION ALL
  SELECT p.contract_no, p.obligation_no, p.reverses_voucher_no FROM payment p
  WHERE last_day < today
    AND ((coalesce(received_on, cleared_on, voucher_on) > last_day AND coalesce(received_on, cleared_on, voucher_on) <= today)
      OR (matures_on > last_day AND matures_on <= today))
), paying AS MATERIALIZED (
  SELECT p.contract_no, p.obligation_no FROM changed_payment p WHERE p.reverses_voucher_no = ''
  UNION SELECT p.contract_no, p.obligation_no FROM changed_payment r JOIN payment p ON p.voucher_no = r.reverses_voucher_no
  WHERE r.reverses_voucher_no <> ''
), paid AS (
  SELECT p.contract_no FROM paying p WHERE p.contract_no <> ''
  UNION SELECT o.contract_no FROM paying p JOIN obligation o ON o.obligation_no = p.obligation_no
  WHERE p.contract_no = '' AND p.obligation_no <> ''
  UNION SELECT o.contract_no FROM obligation o WHERE batch_id > after
  UNION SELECT o.contract_no FROM obligation_history o WHERE to_batch > after
), changed_supplier AS MATERIALIZED (
  SELECT uscc FROM supplier WHERE batch_id > after UNION SELECT uscc FROM supplier_history WHERE to_batch > after
  UNION SELECT e.supplier_uscc FROM entry e WHERE e.supplier_uscc <> ''
)
SELECT c.project_code, c.contract_no, '', '' FROM contract c WHERE batch_id > after
UNION ALL SELECT c.project_code, c.contract_no, '', '' FROM contract_history c WHERE to_batch > after
UNION ALL SELECT c.project_code, c.contract_no, '', '' FROM contract c WHERE signed_on > last_day AND signed_on <= today
UNION ALL SELECT c.project_code, c.contract_no, '', '' FROM contract c WHERE signed_on = ANY (begun)
UNION ALL SELECT c.project_code, c.contract_no, '', '' FROM contract c WHERE cancelled_on > last_day AND cancelled_on <= today
UNION ALL SELECT c.project_code, c.contract_no, '', '' FROM number n JOIN contract c ON c.contract_no = n.contract_no
UNION ALL SELECT c.project_code, c.contract_no, '', '' FROM paid p JOIN contract c ON c.contract_no = p.contract_no
  WHERE contract_may_breach(c, (SELECT max(l.one_year_ppm) FROM lpr l))
UNION ALL SELECT c.project_code, c.contract_no, '', ''
  FROM changed_supplier s JOIN contract c ON c.supplier_uscc = s.uscc
UNION ALL SELECT c.project_code, c.contract_no, '', ''
  FROM beginning b JOIN contract c ON c.unit_code = b.unit_code, span WHERE c.signed_on >= span.first
UNION ALL SELECT i.project_code, '', i.unit_code, budget_item_subject(i.fiscal_year, i.unit_code, i.project_code, i.package_no)
  FROM changed_item i
UNION ALL SELECT e.project_code, '', e.unit_code, '' FROM entry e WHERE e.project_code <> '' OR e.unit_code <> ''
UNION ALL SELECT n.project_code, '', '', '' FROM changed_notice n WHERE n.project_code <> ''
UNION ALL SELECT n.project_code, '', '', '' FROM notice n
  WHERE published_on > last_day AND published_on <= today AND n.project_code <> ''
UNION ALL SELECT n.project_code, '', '', '' FROM notice n WHERE published_on = ANY (begun) AND n.project_code <> ''
$$;
COMMENT ON FUNCTION touched_record(bigint, date, date, integer, date[]) IS 'procurements whose records have to be looked at again';
