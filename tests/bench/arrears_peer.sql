-- The peer: what a practised hand would write in one set-based statement. Outstanding, due day with roll to the next working
-- day, days overdue, interest on what is open and on what was paid late, one state row per obligation. In fen.
CREATE TABLE IF NOT EXISTS peer_state (
  obligation_no text PRIMARY KEY, contract_no text NOT NULL, unit_code text NOT NULL, supplier_uscc text NOT NULL,
  amount_fen bigint NOT NULL, paid_fen bigint NOT NULL, outstanding_fen bigint NOT NULL, due_nominal_on date, due_on date,
  overdue_days integer NOT NULL, interest_fen bigint NOT NULL, status text NOT NULL);
CREATE TABLE IF NOT EXISTS peer_roll AS
SELECT d::date AS day, (SELECT min(w)::date FROM generate_series(d, d + interval '15 days', interval '1 day') w
  WHERE coalesce((SELECT kind = 'workday' FROM calendar_day c WHERE c.day = w::date), extract(isodow FROM w) < 6)) AS rolled
FROM generate_series(timestamp '2021-12-01', timestamp '2027-12-31', interval '1 day') d;
CREATE UNIQUE INDEX IF NOT EXISTS peer_roll_day ON peer_roll (day);
ANALYZE peer_roll;
