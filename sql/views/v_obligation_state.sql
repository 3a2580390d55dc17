-- v_obligation_state: what the arrears rules said of every obligation, with the names people read. Days overdue and
-- interest are those of the day in as_of; obligation_state_on() gives them for a later day.
DROP VIEW IF EXISTS v_obligation_state;
CREATE VIEW v_obligation_state WITH (security_invoker = true) AS
SELECT o.obligation_no, o.contract_no, o.unit_code, u.name AS unit_name, o.supplier_uscc,
  coalesce(s.name, c.supplier_name, '') AS supplier_name, o.department, o.kind, o.debtor_kind, o.coverage, o.status,
  o.start_on, o.due_nominal_on, o.due_on, o.due_source, o.amount_fen, o.paid_fen, o.outstanding_fen, o.undisputed_fen,
  o.disputed_fen, o.overdue_fen, o.overdue_since,
  CASE WHEN o.overdue_since IS NULL THEN 0 ELSE o.as_of - o.overdue_since END AS overdue_days,
  o.rate_basis, o.rate_ppm, o.day_base, o.interest_fen, o.interest_alt_fen, o.day_product, o.accruing_fen, o.cap_left_fen,
  o.flags, coalesce(o.evidence, '{"steps":[]}')::jsonb AS evidence, o.as_of, o.run_id, g.next_change_on, o.currency, c.signed_on, c.project_code
FROM obligation_state o
  LEFT JOIN obligation_group g ON g.unit_code = o.unit_code AND g.supplier_uscc = o.supplier_uscc
  LEFT JOIN contract c ON c.contract_no = o.contract_no
  LEFT JOIN supplier s ON s.uscc = o.supplier_uscc
  LEFT JOIN LATERAL (
    SELECT name FROM unit WHERE unit.unit_code = o.unit_code ORDER BY valid_from DESC NULLS LAST, batch_id DESC LIMIT 1
  ) u ON true;
COMMENT ON VIEW v_obligation_state IS '付款义务测算结果 States of obligations in the last run; overdue ones are 疑似逾期（待核实） until verified.';
COMMENT ON COLUMN v_obligation_state.obligation_no IS 'number of the obligation';
COMMENT ON COLUMN v_obligation_state.contract_no IS 'contract number';
COMMENT ON COLUMN v_obligation_state.unit_code IS 'budget unit or other debtor';
COMMENT ON COLUMN v_obligation_state.unit_name IS 'its latest name';
COMMENT ON COLUMN v_obligation_state.supplier_uscc IS 'code of the creditor';
COMMENT ON COLUMN v_obligation_state.supplier_name IS 'name of the creditor';
COMMENT ON COLUMN v_obligation_state.department IS 'department on the as-of day; ? = none could be found';
COMMENT ON COLUMN v_obligation_state.kind IS 'prepayment, delivery, progress, retention or deposit';
COMMENT ON COLUMN v_obligation_state.debtor_kind IS 'organ, institution, group, soe, large_enterprise';
COMMENT ON COLUMN v_obligation_state.coverage IS 'covered, or the list apart: prepayment, unknown-size, individual, deposit, not-covered';
COMMENT ON COLUMN v_obligation_state.status IS 'overdue, not-due, paid, paid-late and so on';
COMMENT ON COLUMN v_obligation_state.start_on IS 'day the clock starts';
COMMENT ON COLUMN v_obligation_state.due_nominal_on IS 'due day before it is moved to a working day';
COMMENT ON COLUMN v_obligation_state.due_on IS 'due day';
COMMENT ON COLUMN v_obligation_state.due_source IS 'where the due day comes from';
COMMENT ON COLUMN v_obligation_state.amount_fen IS 'amount, fen (hundredths of the currency unit)';
COMMENT ON COLUMN v_obligation_state.paid_fen IS 'paid, fen';
COMMENT ON COLUMN v_obligation_state.outstanding_fen IS 'still owed, fen';
COMMENT ON COLUMN v_obligation_state.undisputed_fen IS 'undisputed part of it, fen';
COMMENT ON COLUMN v_obligation_state.disputed_fen IS 'disputed part of it, fen';
COMMENT ON COLUMN v_obligation_state.overdue_fen IS 'past its due day, fen';
COMMENT ON COLUMN v_obligation_state.overdue_since IS 'due day of the oldest overdue part';
COMMENT ON COLUMN v_obligation_state.overdue_days IS 'calendar days from then to as_of';
COMMENT ON COLUMN v_obligation_state.rate_basis IS 'agreed, floor or statutory; empty on lists without interest';
COMMENT ON COLUMN v_obligation_state.rate_ppm IS 'rate, parts per million per year of day_base days';
COMMENT ON COLUMN v_obligation_state.day_base IS 'days of that year';
COMMENT ON COLUMN v_obligation_state.interest_fen IS '逾期利息（测算，仅供内部参考） estimated interest up to as_of, fen';
COMMENT ON COLUMN v_obligation_state.interest_alt_fen IS 'the other figure where the law leaves it open: at the statutory rate beside floor, at the LPR beside statutory under a pay-when-paid clause; fen';
COMMENT ON COLUMN v_obligation_state.day_product IS 'open amount times days overdue up to as_of, fen x day';
COMMENT ON COLUMN v_obligation_state.accruing_fen IS 'what each further day adds to day_product, fen';
COMMENT ON COLUMN v_obligation_state.cap_left_fen IS 'what the contract''s cap leaves, fen; null = no cap';
COMMENT ON COLUMN v_obligation_state.flags IS 'set of flags';
COMMENT ON COLUMN v_obligation_state.evidence IS 'facts, readings and values it rests on, JSON object; without steps where nobody works on it: explain tells them';
COMMENT ON COLUMN v_obligation_state.as_of IS 'day of the amounts in this row';
COMMENT ON COLUMN v_obligation_state.run_id IS 'run that wrote it last';
COMMENT ON COLUMN v_obligation_state.next_change_on IS 'day from which the row may be different; null = never by itself';
COMMENT ON COLUMN v_obligation_state.currency IS 'ISO 4217 code';
COMMENT ON COLUMN v_obligation_state.signed_on IS 'day the contract was signed';
COMMENT ON COLUMN v_obligation_state.project_code IS 'code of the procurement project';
