-- Verdicts, findings, messages and deliveries.

-- One number that every committed change moves (batch, finding, review, rule, registration, delivery): the key of
-- every cached body.
CREATE TABLE state_version (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  version bigint NOT NULL DEFAULT 1
);
INSERT INTO state_version DEFAULT VALUES;

CREATE TABLE check_run (
  run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  part text NOT NULL DEFAULT 'law' CHECK (part IN ('law', 'records')),
  as_of date NOT NULL,
  known_batch bigint NOT NULL,
  jurisdiction text NOT NULL,
  program text NOT NULL,
  law_print text NOT NULL DEFAULT '',
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  obligations bigint NOT NULL, states_written bigint NOT NULL,
  findings_opened bigint NOT NULL DEFAULT 0, findings_updated bigint NOT NULL DEFAULT 0,
  findings_closed bigint NOT NULL DEFAULT 0, messages_queued bigint NOT NULL DEFAULT 0,
  routes_known bigint NOT NULL DEFAULT 0
);
COMMENT ON COLUMN check_run.routes_known IS 'registration.version that it saw: with another one somebody may have to hear what nobody heard';
COMMENT ON COLUMN check_run.part IS 'law: figures, verdicts and what is told of them; records: what the records themselves are asked';
COMMENT ON COLUMN check_run.law_print IS 'hash over calendar, LPR, size standard, rule parameters and which are in force on as_of: a run under another law judges everything';

-- What the last look at the records saw: the next one looks at what later batches, days and laws changed.
CREATE TABLE record_mark (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  as_of date NOT NULL,
  known_batch bigint NOT NULL,
  basis text NOT NULL
);
COMMENT ON COLUMN record_mark.basis IS 'hash over jurisdiction, program and law: a look on another basis looks at everything';

-- The latest day that the program's clock has shown to a run that was not asked for another day.
CREATE TABLE clock_day (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  day date NOT NULL
);

-- What the arrears rules said of one obligation in the last run; the list pages read it.
-- Days overdue and interest of a later day follow from due_on, parts and accrual without a new run.
-- Its indexes are made by the first run, after its rows (state_index_make): one sort instead of a search for each row.
CREATE TABLE obligation_state (
  obligation_no text NOT NULL,
  contract_no text NOT NULL, unit_code text NOT NULL, supplier_uscc text NOT NULL, department text NOT NULL,
  kind text NOT NULL, debtor_kind text NOT NULL, coverage text NOT NULL, status text NOT NULL,
  start_on date, due_nominal_on date, due_on date, due_source text NOT NULL,
  amount_fen bigint NOT NULL, paid_fen bigint NOT NULL, outstanding_fen bigint NOT NULL, undisputed_fen bigint NOT NULL,
  disputed_fen bigint NOT NULL, overdue_fen bigint NOT NULL, overdue_since date,
  rate_basis text NOT NULL, interest_fen bigint NOT NULL, interest_alt_fen bigint NOT NULL,
  rate_ppm bigint NOT NULL, day_base integer NOT NULL,
  day_product numeric(38,0) NOT NULL, accruing_fen bigint NOT NULL, cap_left_fen bigint,
  flags text[] NOT NULL DEFAULT '{}', evidence text COMPRESSION lz4,
  as_of date NOT NULL, run_id bigint NOT NULL,
  currency text NOT NULL DEFAULT 'CNY',
  print uuid NOT NULL,
  missing_year integer,
  alt_rate_ppm bigint, alt_day_base integer,
  beside_product numeric(38,0), beside_accruing_fen bigint
);
COMMENT ON COLUMN obligation_state.day_product IS 'open amount times days overdue up to as_of, fen x day';
COMMENT ON COLUMN obligation_state.accruing_fen IS 'what each further day adds to day_product, until obligation_group.next_change_on';
COMMENT ON COLUMN obligation_state.evidence IS 'JSON object text, only of debts that somebody works on; why another one counts as it does is explained when asked';
COMMENT ON COLUMN obligation_state.print IS 'hash over all that makes a row differ; a day more overdue does not';
COMMENT ON COLUMN obligation_state.alt_rate_ppm IS 'yearly rate of interest_alt_fen; null where the law leaves nothing open';
COMMENT ON COLUMN obligation_state.beside_product IS 'of a dispute opened after the due day: amount in dispute times days from that due day to its end, fen x day; else null';
COMMENT ON COLUMN obligation_state.missing_year IS 'calendar year without which the due day cannot be found';

-- The allocation groups that have states: debts of one unit to one supplier are judged together.
CREATE TABLE obligation_group (
  unit_code text NOT NULL, supplier_uscc text NOT NULL,
  next_change_on date,
  print uuid NOT NULL,
  PRIMARY KEY (unit_code, supplier_uscc)
);
COMMENT ON COLUMN obligation_group.next_change_on IS 'day from which a state of the group may be different; null = never by itself';
COMMENT ON COLUMN obligation_group.print IS 'sum of the prints of its states: where it is equal, none of them differs';
CREATE INDEX obligation_group_change ON obligation_group (next_change_on) WHERE next_change_on IS NOT NULL;

-- How many obligations wait for the working calendar of a year: kept with every exchange of states, because counting them
-- would read all.
CREATE TABLE obligation_missing_year (
  missing_year integer PRIMARY KEY,
  obligations bigint NOT NULL CHECK (obligations >= 0)
);
COMMENT ON COLUMN obligation_missing_year.obligations IS 'rows of obligation_state with that missing_year';

-- What was paid under a contract: kept the same way, because the figures of a year would read the states of all years for it.
-- Its index is made by the first run (state_index_make).
CREATE TABLE contract_paid (
  contract_no text NOT NULL,
  paid_fen numeric(38,0) NOT NULL
);
COMMENT ON COLUMN contract_paid.paid_fen IS 'sum over its rows of obligation_state, deposits apart, fen';

-- Payments that name a contract or an obligation nobody knows, or none while their unit has no contract with the payee, as
-- of the last run: few of many, found by payee.
CREATE TABLE payment_astray (
  key uuid PRIMARY KEY,
  unit_code text NOT NULL, payee_uscc text NOT NULL
);
CREATE INDEX payment_astray_payee ON payment_astray (payee_uscc);

-- What a person said of a suspected overdue debt, and what that person saw. Only ever added to, taken_at apart; the latest counts.
CREATE TABLE obligation_review (
  review_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  obligation_no text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('verified', 'contested', 'not-paid', 'refuted', 'withdrawn')),
  reviewer text NOT NULL CHECK (reviewer <> ''),
  note text NOT NULL DEFAULT '',
  reviewed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  overdue_since date NOT NULL, overdue_fen bigint NOT NULL,
  taken_at timestamptz
);
COMMENT ON COLUMN obligation_review.overdue_since IS 'as the reviewer saw it: the review ends when an earlier day or a larger amount comes up';
CREATE INDEX obligation_review_of ON obligation_review (obligation_no, review_id DESC);
COMMENT ON COLUMN obligation_review.taken_at IS 'when the transaction of the run began that judged with it first; null: none has';
CREATE INDEX obligation_review_taken ON obligation_review (taken_at);

-- Next steps on verified overdue debts of a unit: proposed by a run, decided by a person, told once when confirmed.
CREATE TABLE proposal (
  proposal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  step text NOT NULL CHECK (step IN ('interview', 'supervise', 'report')),
  unit_code text NOT NULL,
  department text NOT NULL,
  state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'confirmed', 'declined', 'lapsed')),
  proposed_on date NOT NULL,
  run_id bigint NOT NULL REFERENCES check_run,
  decided_by text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '', decided_at timestamptz,
  lapsed_on date,
  told_run bigint REFERENCES check_run,
  CHECK ((state IN ('confirmed', 'declined')) = (decided_by <> '' AND reason <> '' AND decided_at IS NOT NULL)),
  CHECK (told_run IS NULL OR state = 'confirmed')
);
CREATE UNIQUE INDEX proposal_open ON proposal (unit_code, step) WHERE state = 'proposed';
CREATE INDEX proposal_untold ON proposal (proposal_id) WHERE state = 'confirmed' AND told_run IS NULL;
CREATE INDEX proposal_told ON proposal (unit_code) WHERE told_run IS NOT NULL;
CREATE TABLE proposal_row (
  proposal_id bigint NOT NULL REFERENCES proposal,
  obligation_no text NOT NULL,
  review_id bigint NOT NULL REFERENCES obligation_review,
  overdue_since date NOT NULL, overdue_fen bigint NOT NULL,
  left_on date,
  PRIMARY KEY (proposal_id, obligation_no)
);
COMMENT ON COLUMN proposal_row.overdue_fen IS 'when it was proposed, then when it was decided';
COMMENT ON COLUMN proposal_row.left_on IS 'paid, no longer verified or on the next step while the proposal waited';
CREATE INDEX proposal_row_obligation ON proposal_row (obligation_no);

-- The quota figures of the last run, one row per (year, scope); body = the members of the snapshot plus the additions.
CREATE TABLE quota_figure (
  fiscal_year integer NOT NULL,
  scope text NOT NULL,
  name text NOT NULL DEFAULT '',
  rule_id text NOT NULL,
  currency text NOT NULL DEFAULT 'CNY',
  strict_base_fen bigint NOT NULL, adjusted_base_fen bigint NOT NULL, sme_fen bigint NOT NULL, small_micro_fen bigint NOT NULL,
  sme_status text NOT NULL, small_micro_status text NOT NULL, sme_gap_fen bigint NOT NULL,
  body jsonb NOT NULL,
  as_of date NOT NULL, run_id bigint NOT NULL,
  print text NOT NULL DEFAULT '',
  PRIMARY KEY (fiscal_year, scope, currency)
);
COMMENT ON COLUMN quota_figure.print IS 'hash over the row as it was written; equal prints are not written again';
COMMENT ON COLUMN quota_figure.scope IS 'district, or the code of a department; ? = none could be found (G-19)';

-- What one unit adds to the figures of one department: a run computes it for the units that were touched and reads the rest.
-- Of the year that was evaluated last.
CREATE TABLE quota_part (
  fiscal_year integer NOT NULL,
  unit_code text NOT NULL,
  department text NOT NULL,
  numbers bigint[] NOT NULL,
  questions jsonb NOT NULL,
  PRIMARY KEY (fiscal_year, unit_code, department)
);
COMMENT ON COLUMN quota_part.numbers IS 'sums in fen and counts, in the order of checks/quota_part.c';
COMMENT ON COLUMN quota_part.questions IS 'what to find out first: [what, narrows SME, narrows small/micro, project, package, contract, supplier]';

-- How many records could be used, as of the batch that was told of last: brought up by what changed since.
CREATE TABLE coverage_count (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  known_batch bigint NOT NULL,
  contracts bigint NOT NULL, usable bigint NOT NULL,
  payments bigint NOT NULL, orphans bigint NOT NULL
);

CREATE TABLE finding (
  finding_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule_id text NOT NULL,
  code text NOT NULL,
  subject_kind text NOT NULL,
  subject text NOT NULL,
  unit_code text NOT NULL DEFAULT '',
  department text NOT NULL DEFAULT '',
  severity text NOT NULL CHECK (severity IN ('info', 'notice', 'warning', 'urgent')),
  state text NOT NULL CHECK (state IN ('open', 'acknowledged', 'closed')),
  episode integer NOT NULL DEFAULT 1,
  opened_on date NOT NULL, changed_on date NOT NULL, closed_on date,
  amount_fen bigint, currency text NOT NULL DEFAULT 'CNY',
  print text NOT NULL,
  evidence jsonb NOT NULL,
  first_run bigint NOT NULL, last_run bigint NOT NULL,
  assignee text NOT NULL DEFAULT '',
  UNIQUE (code, subject_kind, subject)
);
COMMENT ON COLUMN finding.last_run IS 'check_run, as first_run; runs are never removed, and looking each one up costs a run over all debts a tenth';
COMMENT ON COLUMN finding.assignee IS 'who was asked to look after it';
COMMENT ON COLUMN finding.print IS 'what must differ for the finding to count as changed; daily figures are not in it';
CREATE INDEX finding_unit ON finding (unit_code, state);
CREATE INDEX finding_other ON finding (code, subject) WHERE state <> 'closed' AND subject_kind <> 'obligation';
CREATE INDEX finding_subject ON finding (subject) WHERE state <> 'closed' AND subject_kind <> 'obligation';

CREATE TABLE finding_event (
  finding_id bigint NOT NULL,
  seq integer NOT NULL,
  event text NOT NULL CHECK (event IN ('opened', 'updated', 'closed', 'reopened',
    'acknowledged', 'assigned', 'escalated', 'silenced', 'unsilenced')),
  run_id bigint,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL DEFAULT 'setaside',
  amount_fen bigint, evidence jsonb NOT NULL,
  PRIMARY KEY (finding_id, seq)
);
COMMENT ON COLUMN finding_event.finding_id IS 'finding; findings are never removed, and events come from rows of it alone: looking each one up costs a run that finds much a quarter';
CREATE INDEX finding_event_run ON finding_event (run_id);

CREATE TABLE channel (
  name text PRIMARY KEY,
  kind text NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  disabled_reason text NOT NULL DEFAULT '',
  broken_since timestamptz, probe_at timestamptz, failures integer NOT NULL DEFAULT 0,
  print text NOT NULL DEFAULT '',
  rate_count integer NOT NULL DEFAULT 0, rate_window_ms bigint NOT NULL DEFAULT 60000,
  rate_second integer NOT NULL DEFAULT 0, parts_max integer NOT NULL DEFAULT 1 CHECK (parts_max > 0),
  stands boolean NOT NULL DEFAULT false,
  clock_ahead_s bigint NOT NULL DEFAULT 0
);
COMMENT ON COLUMN channel.rate_count IS 'requests within any rate_window_ms, by delivery.metered_at; 0 = no limit';
COMMENT ON COLUMN channel.rate_second IS 'requests within any second; 0 = no limit';
COMMENT ON COLUMN channel.parts_max IS 'most requests that one message takes: a message is leased only where the budget has them';
COMMENT ON COLUMN channel.stands IS 'its receiver forgets: what is open is posted again';
COMMENT ON COLUMN channel.clock_ahead_s IS 'our clock minus the endpoint''s, from its last answer; 0 = equal or not known';
COMMENT ON COLUMN channel.broken_since IS 'the circuit is open: only a probe is sent, from probe_at on';
COMMENT ON COLUMN channel.probe_at IS 'nothing is sent before it (probe, or a pause the endpoint asked for)';
COMMENT ON COLUMN channel.print IS 'hash of its configuration; a change enables it again';
CREATE TABLE channel_recipient (
  channel text NOT NULL REFERENCES channel ON DELETE CASCADE,
  recipient text NOT NULL,
  PRIMARY KEY (channel, recipient)
);
COMMENT ON TABLE channel_recipient IS 'mail: one row per address; other kinds: one row with an empty recipient';
CREATE TABLE route (
  name text NOT NULL,
  channel text NOT NULL REFERENCES channel ON DELETE CASCADE,
  rules text[] NOT NULL,
  units text[] NOT NULL,
  severity text NOT NULL DEFAULT 'info' CHECK (severity IN ('info', 'notice', 'warning', 'urgent')),
  amount_fen bigint NOT NULL DEFAULT 0,
  recipients text[] NOT NULL DEFAULT '{}',
  digest text NOT NULL DEFAULT 'off' CHECK (digest IN ('off', 'daily', 'weekly')),
  quiet_from time, quiet_to time,
  working_days boolean NOT NULL DEFAULT false,
  all_quiet boolean NOT NULL DEFAULT false,
  PRIMARY KEY (name, channel)
);
COMMENT ON COLUMN route.all_quiet IS 'a digest with nothing to tell says so';
COMMENT ON COLUMN route.severity IS 'the least that is told';
COMMENT ON COLUMN route.amount_fen IS 'the least sum that is told';
COMMENT ON COLUMN route.recipients IS 'who of the channel hears it; empty = all';
COMMENT ON COLUMN route.quiet_from IS 'from then to quiet_to nothing but urgent messages leaves, Beijing time';
COMMENT ON TABLE route IS 'Copied from the configuration by the program; rules and units may be {*}';

-- Counts up with every registration that changed who hears what.
CREATE TABLE registration (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  version bigint NOT NULL DEFAULT 0,
  print text NOT NULL DEFAULT ''
);
INSERT INTO registration DEFAULT VALUES;
COMMENT ON COLUMN registration.print IS 'hash over routes and recipients; empty = nobody hears anything';

-- A message is one thing to tell to one recipient through one channel. While it has not been sent, a later one of its case may take its payload over (outbox_merge.sql).
CREATE SEQUENCE message_ref_seq;
CREATE TABLE message (
  message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  case_key text NOT NULL,
  event text NOT NULL,
  rule_id text NOT NULL,
  severity text NOT NULL,
  unit_code text NOT NULL DEFAULT '',
  channel text NOT NULL, recipient text NOT NULL DEFAULT '',
  payload jsonb NOT NULL,
  run_id bigint REFERENCES check_run,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  state text NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'sending', 'acknowledged', 'rejected', 'retry', 'unknown', 'failed', 'superseded')),
  attempts integer NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  first_try_at timestamptz,
  lease_epoch bigint NOT NULL DEFAULT 0, lease_until timestamptz,
  maybe_sent boolean NOT NULL DEFAULT false,
  last_class text NOT NULL DEFAULT '', last_answer text NOT NULL DEFAULT '',
  held boolean NOT NULL DEFAULT false,
  parts_done integer NOT NULL DEFAULT 0,
  alone boolean NOT NULL DEFAULT false,
  quiet_until timestamptz,
  superseded_by bigint REFERENCES message
);
COMMENT ON COLUMN message.held IS 'waits for a digest: next_try_at is the digest''s time';
COMMENT ON COLUMN message.parts_done IS 'parts of it that are acknowledged (robots)';
COMMENT ON COLUMN message.alone IS 'a digest with it was refused: it leaves by itself';
COMMENT ON COLUMN message.quiet_until IS 'was due in the quiet hours of its routes, which end then';
COMMENT ON COLUMN message.superseded_by IS 'the message that carried it: a digest, or a later one of its case';
COMMENT ON COLUMN message.ref IS 'A-YYYYMMDD-NNNNNN; the same on every try and in the text';
COMMENT ON COLUMN message.case_key IS 'messages of one case, channel and recipient leave in order';
COMMENT ON COLUMN message.maybe_sent IS 'a try ended unknown: the next one carries the notice that it may be a repetition';
COMMENT ON COLUMN message.next_try_at IS 'while sending: when the running try began';
CREATE INDEX message_due ON message (channel, next_try_at, message_id) WHERE state IN ('queued', 'retry', 'unknown');
CREATE INDEX message_leased ON message (lease_until) WHERE state = 'sending';
CREATE INDEX message_undelivered ON message (channel) WHERE state IN ('failed', 'rejected');
CREATE INDEX message_carried ON message (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE INDEX message_case ON message (case_key, channel, recipient, message_id);

-- What a channel that forgets was told last of each case; posted again while ends_at is null, and until then. severity: of
-- the last message that did not close it, by which its receiver knows it.
CREATE TABLE standing (
  channel text NOT NULL REFERENCES channel ON DELETE CASCADE,
  case_key text NOT NULL,
  message_id bigint NOT NULL REFERENCES message,
  severity text NOT NULL,
  ends_at timestamptz,
  PRIMARY KEY (channel, case_key)
);

CREATE TABLE message_finding (
  message_id bigint NOT NULL REFERENCES message,
  finding_id bigint NOT NULL REFERENCES finding,
  event_seq integer NOT NULL,
  PRIMARY KEY (message_id, finding_id, event_seq)
);
CREATE INDEX message_finding_finding ON message_finding (finding_id);

-- A person asked for silence about a case: its messages wait until the end. The latest that is not ended counts.
CREATE TABLE silence (
  silence_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_key text NOT NULL,
  author text NOT NULL CHECK (author <> ''),
  reason text NOT NULL CHECK (reason <> ''),
  begins_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ends_at timestamptz NOT NULL,
  CHECK (ends_at >= begins_at)
);
CREATE INDEX silence_case ON silence (case_key, ends_at);

-- What is wrong with the program itself, while it is.
CREATE TABLE monitor_fault (
  fault text NOT NULL CHECK (fault IN ('channel', 'undelivered', 'refused', 'clock', 'loop', 'disk')),
  subject text NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (fault, subject)
);
COMMENT ON COLUMN monitor_fault.subject IS 'a channel, a directory, or empty';
COMMENT ON COLUMN monitor_fault.seen_at IS 'the last look that saw it; it is over when none has for ten minutes';

-- A person asked for one more try of a message. Only ever added to.
CREATE TABLE message_replay (
  message_id bigint NOT NULL REFERENCES message,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  person text NOT NULL CHECK (person <> ''),
  reason text NOT NULL,
  state_before text NOT NULL,
  PRIMARY KEY (message_id, at)
);

-- A person had a channel work again that its endpoint had ended. Only ever added to.
CREATE TABLE channel_enabled (
  channel text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  person text NOT NULL CHECK (person <> ''),
  reason text NOT NULL,
  disabled_reason text NOT NULL,
  PRIMARY KEY (channel, at)
);

-- What was told last of the gap of one scope and year: what is told next depends on it. Written with the message.
CREATE TABLE quota_told (
  fiscal_year integer NOT NULL,
  scope text NOT NULL,
  told_on date NOT NULL,
  open boolean NOT NULL,
  grade text NOT NULL CHECK (grade IN ('notice', 'warning', 'urgent', 'final')),
  sme_gap_fen bigint NOT NULL, small_micro_gap_fen bigint NOT NULL,
  run_id bigint NOT NULL REFERENCES check_run,
  PRIMARY KEY (fiscal_year, scope)
);
COMMENT ON COLUMN quota_told.scope IS 'district, or the code of a department';
COMMENT ON COLUMN quota_told.open IS 'the last message said that there is a gap; false: that it was made good';
COMMENT ON COLUMN quota_told.sme_gap_fen IS 'as told; 0 = nothing was told of that target';

-- Changes of a unit's arrears that wait for the next day, because the unit was told something today.
CREATE TABLE untold (
  finding_id bigint NOT NULL REFERENCES finding,
  event_seq integer NOT NULL,
  PRIMARY KEY (finding_id, event_seq)
);

-- Every try. Numbers come from delivery_counter and have no gaps.
CREATE TABLE delivery (
  delivery_no bigint PRIMARY KEY,
  message_id bigint NOT NULL REFERENCES message,
  attempt integer NOT NULL,
  channel text NOT NULL, recipient text NOT NULL,
  started_at timestamptz NOT NULL, finished_at timestamptz NOT NULL,
  bytes bigint NOT NULL,
  class text NOT NULL CHECK (class IN ('acknowledged', 'rejected-permanent', 'retry-later', 'unknown')),
  answer text NOT NULL,
  requests integer NOT NULL DEFAULT 1, metered_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (message_id, attempt)
);
COMMENT ON COLUMN delivery.requests IS 'what the try took of the channel''s rate budget';
COMMENT ON COLUMN delivery.metered_at IS 'when it was recorded, by the database''s clock, which rate budgets go by; the other two are the sender''s';
CREATE INDEX delivery_rate ON delivery (channel, metered_at);

-- The number of the last delivery: counted up in the transaction that writes the rows, so numbers have no gaps.
CREATE TABLE delivery_counter (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  last_no bigint NOT NULL DEFAULT 0
);
INSERT INTO delivery_counter DEFAULT VALUES;
