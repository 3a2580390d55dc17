-- v_wanted_data: what to ask units for, one line for each value that is missing where a rule needs it. Lists are made
-- per unit and month, largest amounts first.
DROP VIEW IF EXISTS v_wanted_data;
CREATE VIEW v_wanted_data WITH (security_invoker = true) AS
WITH latest_item AS (
  SELECT DISTINCT ON (fiscal_year, unit_code, project_code, package_no) *
  FROM budget_item
  ORDER BY fiscal_year, unit_code, project_code, package_no,
    CASE snapshot WHEN 'final' THEN 3 WHEN 'adjusted' THEN 2 ELSE 1 END DESC, approved_on DESC NULLS LAST, occurrence DESC
), standing AS (
  SELECT k.*, s.size_class, s.key IS NOT NULL AS supplier_known
  FROM contract k LEFT JOIN supplier s ON s.uscc = k.supplier_uscc AND k.supplier_uscc <> ''
  WHERE k.status <> 'cancelled'
)
SELECT unit_code, to_char(approved_on, 'YYYY-MM') AS month, 'budget_item' AS kind,
  concat_ws('/', project_code, nullif(package_no, '')) AS subject, 'reserve_form' AS field, budget_fen AS amount_fen, currency
FROM latest_item
WHERE withdrawn_on IS NULL AND reserve_form = '' AND reserved_fen IS NULL AND exemption_code = ''
UNION ALL
SELECT unit_code, to_char(signed_on, 'YYYY-MM'), 'contract', contract_no, 'supplier_uscc', amount_fen, currency
FROM standing WHERE supplier_uscc = ''
UNION ALL
SELECT unit_code, to_char(signed_on, 'YYYY-MM'), 'contract', contract_no, 'signed_on', amount_fen, currency
FROM standing WHERE signed_on IS NULL
UNION ALL
SELECT unit_code, to_char(signed_on, 'YYYY-MM'), 'contract', contract_no, 'size_class', amount_fen, currency
FROM standing WHERE supplier_uscc <> '' AND declared_size = '' AND coalesce(size_class, '') = ''
UNION ALL
SELECT coalesce(nullif(o.unit_code, ''), k.unit_code, ''), to_char(k.signed_on, 'YYYY-MM'), 'obligation', o.obligation_no,
  CASE coalesce(nullif(k.clock_basis, ''), 'delivery') WHEN 'acceptance' THEN 'accepted_on' WHEN 'settlement' THEN 'settled_on'
    ELSE 'delivered_on' END, o.amount_fen, o.currency
FROM obligation o JOIN contract k ON k.contract_no = o.contract_no
WHERE o.contract_no <> '' AND o.contract_due_on IS NULL AND o.kind NOT IN ('prepayment', 'deposit') AND k.status <> 'cancelled'
  AND CASE coalesce(nullif(k.clock_basis, ''), 'delivery') WHEN 'acceptance' THEN o.accepted_on
    WHEN 'settlement' THEN o.settled_on ELSE o.delivered_on END IS NULL
  -- An event that gives the day, as checks/clock_days.h reads it; of parts nothing is said here.
  AND NOT EXISTS (SELECT FROM event e WHERE e.contract_no = o.contract_no AND coalesce(e.part_ppm, 1000000) >= 1000000
    AND CASE coalesce(nullif(k.clock_basis, ''), 'delivery') WHEN 'acceptance' THEN e.kind = 'acceptance' AND e.result = 'passed'
      WHEN 'settlement' THEN e.kind = 'settlement' AND e.result NOT IN ('failed', 'partial')
      ELSE (e.kind IN ('delivery', 'handover') OR e.kind = 'final_account' AND k.agreed_term IS NULL)
        AND e.result NOT IN ('failed', 'partial') END
    AND e.instalment = CASE WHEN starts_with(o.obligation_no, o.contract_no || '#')
        AND substr(o.obligation_no, length(o.contract_no) + 2) ~ '^[0-9]{1,9}$'
      THEN substr(o.obligation_no, length(o.contract_no) + 2)::integer
      WHEN (SELECT count(*) FROM obligation s WHERE s.contract_no = o.contract_no
        AND s.kind NOT IN ('prepayment', 'retention', 'deposit')) = 1 THEN 1 END)
UNION ALL
-- A debt whose contract is not known, as when its row was refused: no other list has it.
SELECT o.unit_code, to_char(coalesce(o.settled_on, o.accepted_on, o.delivered_on), 'YYYY-MM'), 'obligation', o.obligation_no,
  'contract_no', o.amount_fen, o.currency
FROM obligation o
WHERE o.contract_no <> '' AND NOT EXISTS (SELECT FROM contract k WHERE k.contract_no = o.contract_no)
UNION ALL
SELECT unit_code, to_char(paid_on, 'YYYY-MM'), 'payment', voucher_no, 'contract_no', amount_fen, currency
FROM v_unmatched_payment;
COMMENT ON VIEW v_wanted_data IS '待补信息 Values that units have to supply: one line each.';
COMMENT ON COLUMN v_wanted_data.unit_code IS 'unit to be asked; empty = no unit is known either';
COMMENT ON COLUMN v_wanted_data.month IS 'YYYY-MM of the approval, signature or payment; null = no day is known';
COMMENT ON COLUMN v_wanted_data.kind IS 'record kind';
COMMENT ON COLUMN v_wanted_data.subject IS 'number of the record';
COMMENT ON COLUMN v_wanted_data.field IS 'column of the exchange profile that is missing';
COMMENT ON COLUMN v_wanted_data.amount_fen IS 'amount of the record, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_wanted_data.currency IS 'ISO 4217 code';
