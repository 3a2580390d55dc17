-- The ledger: one table per record kind with the current rows, one history table with the older versions.
--
-- Every ledger table begins with the same columns:
--   key       128-bit keyed hash of the natural key (occurrence number included); primary key
--   print     128-bit keyed hash of the whole canonical row; equal print = unchanged row
--   batch_id  the batch that brought this version
--   place     where the row stood in the batch's original bytes: file number from 0 in the bits above the lower 40, and
--             in these the locator inside the file (row of a table, byte offset of a release)
--   extra     columns of the source that have no canonical name, kept verbatim
-- The history table has the same columns and to_batch: the first batch that no longer holds this version.
-- A version is valid for known-at B when batch_id <= B and (still current, or B < to_batch).
-- Amounts are integer hundredths of the currency unit (fen for CNY); shares and rates are parts per million.
-- Empty text in a key means "not stated".

CREATE TABLE installation (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  hash_secret bytea NOT NULL DEFAULT decode(md5(random()::text || clock_timestamp()::text) || md5(random()::text), 'hex'),
  demonstration boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN installation.demonstration IS '演示数据: every page, mail and document is marked';
INSERT INTO installation DEFAULT VALUES;

CREATE TABLE source (
  source_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  kind text NOT NULL,
  watermark text NOT NULL DEFAULT '',
  etag text NOT NULL DEFAULT '',
  last_modified text NOT NULL DEFAULT '',
  next_link text NOT NULL DEFAULT '',
  ahead text NOT NULL DEFAULT '',
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_failure text NOT NULL DEFAULT '',
  watched boolean NOT NULL DEFAULT false,
  watched_since timestamptz, watch_started_at timestamptz,
  late_after_ms bigint, data_within_ms bigint,
  shrink_percent integer, may_be_empty boolean NOT NULL DEFAULT false,
  accepted_batch bigint NOT NULL DEFAULT 0,
  authority integer,
  held jsonb NOT NULL DEFAULT '[]'
);
COMMENT ON COLUMN source.held IS 'files that stand there and cannot be taken: [{file, why}]';
COMMENT ON COLUMN source.authority IS 'which source is believed about a unit or supplier that several describe: the smaller number; null = the latest word';
COMMENT ON COLUMN source.ahead IS 'a row of the last pull carried this watermark, which lies in the future: pulls do not begin behind it';
COMMENT ON COLUMN source.watched IS 'it stands in the configuration: what is wrong with it is a finding';
COMMENT ON COLUMN source.watch_started_at IS 'a monitor that was off does not call its sources late at once';
COMMENT ON COLUMN source.late_after_ms IS 'longest time between two good pulls; null = not watched';
COMMENT ON COLUMN source.data_within_ms IS 'longest time between two batches with rows; null = not watched';
COMMENT ON COLUMN source.shrink_percent IS 'fewer rows by more than this are told; null = not watched';
COMMENT ON COLUMN source.accepted_batch IS 'a person accepted the source as this batch has it: older ones are no measure';
COMMENT ON TABLE source IS 'One row per configured source and per import name: cursors of the last committed pull.';

-- Numbered under the single writer's lock (see queries/batch_open.sql), so the order of numbers is the order of commits.
CREATE TABLE batch (
  batch_id bigint PRIMARY KEY,
  source_id integer NOT NULL REFERENCES source,
  started_at timestamptz NOT NULL,
  committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  complete boolean NOT NULL DEFAULT false,
  rows_read bigint NOT NULL DEFAULT 0,
  rows_new bigint NOT NULL DEFAULT 0,
  rows_changed bigint NOT NULL DEFAULT 0,
  rows_unchanged bigint NOT NULL DEFAULT 0,
  rows_closed bigint NOT NULL DEFAULT 0,
  rows_refused bigint NOT NULL DEFAULT 0,
  rows_duplicate bigint NOT NULL DEFAULT 0,
  rows_skipped bigint NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  watermark text NOT NULL DEFAULT '',
  program text NOT NULL DEFAULT '',
  profile jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON COLUMN batch.profile IS 'per record kind: header, median amounts, codes with a leading zero, totals that do not add up';
CREATE INDEX batch_committed ON batch (committed_at);
CREATE INDEX batch_source ON batch (source_id, batch_id);

CREATE TABLE batch_file (
  batch_id bigint NOT NULL REFERENCES batch,
  file_no integer NOT NULL,
  name text NOT NULL,
  kind text NOT NULL DEFAULT '',
  format text NOT NULL DEFAULT '',
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint NOT NULL,
  PRIMARY KEY (batch_id, file_no)
);
COMMENT ON TABLE batch_file IS 'Original bytes: zstd files named by SHA-256 under the state directory.';
CREATE INDEX batch_file_sha ON batch_file (sha256);

CREATE TABLE quarantine (
  quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch_id bigint NOT NULL REFERENCES batch,
  kind text NOT NULL,
  file text NOT NULL DEFAULT '',
  place bigint NOT NULL,
  field text NOT NULL,
  value text NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  row_text text NOT NULL DEFAULT '',
  row_key uuid,
  resolved_batch bigint
);
COMMENT ON TABLE quarantine IS '待更正数据: refused rows; resolved_batch is the batch that brought a good row with the same key, refused the row anew with other content, or came without it; or the latest batch when a person settled it (quarantine_act)';
CREATE INDEX quarantine_batch ON quarantine (batch_id);
CREATE INDEX quarantine_open ON quarantine (row_key) WHERE resolved_batch IS NULL;

-- What people decided about refused rows. Only ever added to, but for batch_id of a correction, which is set when its row
-- is in the ledger; without it the correction was not carried out.
CREATE TABLE quarantine_act (
  act_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  quarantine_id bigint NOT NULL REFERENCES quarantine,
  what text NOT NULL CHECK (what IN ('corrected', 'settled')),
  person text NOT NULL CHECK (person <> ''),
  reason text NOT NULL CHECK (reason <> ''),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changes jsonb NOT NULL DEFAULT '[]',
  batch_id bigint REFERENCES batch
);
COMMENT ON COLUMN quarantine_act.changes IS 'corrected: [{field, old, new}]';
CREATE INDEX quarantine_act_of ON quarantine_act (quarantine_id);

-- Whether a name stands for a code, as people decided. Only ever added to; the latest of a pair counts.
CREATE TABLE identity_decision (
  decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  role text NOT NULL CHECK (role IN ('supplier', 'unit')),
  name text NOT NULL CHECK (name <> ''), code text NOT NULL CHECK (code <> ''),
  verdict text NOT NULL CHECK (verdict IN ('accepted', 'rejected', 'withdrawn')),
  person text NOT NULL CHECK (person <> ''), reason text NOT NULL CHECK (reason <> ''),
  decided_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX identity_decision_of ON identity_decision (role, name, code, decision_id DESC);

-- Every open contracting release that a source has sent, by process: what comes later is merged with it. The release itself
-- stands in the archive. Organisations (file_no 0) are here with the time they were last named at: an older release that
-- comes later names them by older names. One row for each release of a load: nothing refers from here.
CREATE TABLE release_known (
  source_id integer NOT NULL, process uuid NOT NULL, release bigint NOT NULL, released_at bigint NOT NULL,
  batch_id bigint NOT NULL, file_no integer NOT NULL, place bigint NOT NULL, bytes integer NOT NULL,
  print bigint NOT NULL, rows_given integer NOT NULL,
  PRIMARY KEY (source_id, process, release)
);
COMMENT ON COLUMN release_known.process IS 'hash of the ocid, or of the organisation';
COMMENT ON COLUMN release_known.release IS 'hash of the release''s id, of its text where it has none; 0 for organisations';
COMMENT ON COLUMN release_known.released_at IS 'microseconds since 1970, UTC; the smallest number where it has no date';
COMMENT ON COLUMN release_known.place IS 'byte offset in the file (in UTF-8) of the record that is the release or holds it';
COMMENT ON COLUMN release_known.bytes IS 'length of that record';
COMMENT ON COLUMN release_known.print IS 'hash of that record; 0 = it must be read again when it comes again, since something was refused';
COMMENT ON COLUMN release_known.rows_given IS 'rows its process gave when it came; 0 where another release of the process has them, and for organisations';

-- A source says something else of a unit or supplier than the source that is believed. kind: number of the kind.
CREATE TABLE organisation_conflict (
  kind smallint NOT NULL, key uuid NOT NULL, source_id integer NOT NULL REFERENCES source,
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, key, source_id)
);

-- A person accepted a source as it is now: what it was before is no measure any more.
CREATE TABLE source_acceptance (
  acceptance_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source_id integer NOT NULL REFERENCES source,
  batch_id bigint NOT NULL REFERENCES batch,
  person text NOT NULL CHECK (person <> ''), reason text NOT NULL CHECK (reason <> ''),
  faults jsonb NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN source_acceptance.faults IS 'as the person saw them';

-- Dated reference data, versioned by batch like the records: what a figure used can be read again.
CREATE TABLE calendar_day (
  day date NOT NULL, kind text NOT NULL CHECK (kind IN ('holiday', 'workday')), name text NOT NULL DEFAULT '',
  source text NOT NULL DEFAULT '',
  from_batch bigint NOT NULL DEFAULT 0, to_batch bigint,
  PRIMARY KEY (day, from_batch)
);
CREATE TABLE lpr (
  published_on date NOT NULL, one_year_ppm integer NOT NULL, confidence text NOT NULL DEFAULT '',
  from_batch bigint NOT NULL DEFAULT 0, to_batch bigint,
  PRIMARY KEY (published_on, from_batch)
);
COMMENT ON COLUMN lpr.one_year_ppm IS '1-year loan prime rate, parts per million per year (3.00 % = 30000)';
CREATE TABLE size_standard (
  standard_id text NOT NULL, industry_code text NOT NULL, industry text NOT NULL, gbt4754 text NOT NULL,
  indicator text NOT NULL CHECK (indicator IN ('employees', 'revenue', 'assets')), unit text NOT NULL,
  small_lower bigint NOT NULL, medium_lower bigint NOT NULL, large_lower bigint NOT NULL,
  from_batch bigint NOT NULL DEFAULT 0, to_batch bigint,
  PRIMARY KEY (standard_id, industry_code, indicator, from_batch)
);
COMMENT ON TABLE size_standard IS 'Bounds in yuan or persons; Z-1 … Z-4';
CREATE TABLE rule_parameter (
  jurisdiction text NOT NULL, rule_id text NOT NULL, name text NOT NULL,
  valid_from date NOT NULL, valid_to date, value text NOT NULL, unit text NOT NULL, citation text NOT NULL DEFAULT '',
  from_batch bigint NOT NULL DEFAULT 0, to_batch bigint,
  PRIMARY KEY (jurisdiction, rule_id, name, valid_from, from_batch)
);
CREATE TABLE jurisdiction (
  code text PRIMARY KEY, parent_code text REFERENCES jurisdiction, name_zh text NOT NULL, name_en text NOT NULL
);
COMMENT ON TABLE jurisdiction IS 'A parameter is read from the jurisdiction, else from its parents';

-- Record kinds -------------------------------------------------------------------------------------------------

CREATE TABLE unit (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  unit_code text NOT NULL, uscc text NOT NULL, name text NOT NULL, parent_code text NOT NULL, kind text NOT NULL,
  valid_from date, valid_to date, contact text NOT NULL DEFAULT ''
);
COMMENT ON COLUMN unit.contact IS 'who answers for procurement there: office and telephone';
CREATE INDEX unit_code ON unit (unit_code);

CREATE TABLE supplier (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  uscc text NOT NULL, name text NOT NULL, size_class text NOT NULL, industry_code text NOT NULL, employees bigint,
  revenue_fen bigint, assets_fen bigint, size_year integer, size_source text NOT NULL, deemed text NOT NULL,
  large_controlled boolean
);
CREATE INDEX supplier_uscc ON supplier (uscc);

CREATE TABLE budget_item (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  fiscal_year integer NOT NULL, unit_code text NOT NULL, project_code text NOT NULL, package_no text NOT NULL,
  snapshot text NOT NULL, approved_on date, occurrence integer NOT NULL,
  name text NOT NULL, catalogue_code text NOT NULL, class text NOT NULL, budget_fen bigint NOT NULL, currency text NOT NULL,
  reserve_form text NOT NULL, reserved_for text NOT NULL, required_share_ppm bigint,
  reserved_fen bigint, reserved_small_micro_fen bigint,
  exemption_code text NOT NULL, exemption_reason text NOT NULL, exemption_approver text NOT NULL, exemption_on date,
  withdrawn_on date, planned_month text NOT NULL, plan_filed_on date, notice_on date, buyer_name text NOT NULL
);
COMMENT ON COLUMN budget_item.occurrence IS 'file order among rows of one natural key, from 1 (G-10: the later row wins)';
COMMENT ON COLUMN budget_item.required_share_ppm IS 'null = not stated; may lie outside 0 … 1000000 (G-13)';
CREATE INDEX budget_item_scope ON budget_item (fiscal_year, unit_code);
CREATE INDEX budget_item_project ON budget_item (project_code);

CREATE TABLE notice (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  notice_id text NOT NULL, unit_code text NOT NULL, project_code text NOT NULL, package_no text NOT NULL, kind text NOT NULL,
  title text NOT NULL, published_on date, first_published_on date, budget_fen bigint, ceiling_fen bigint, currency text NOT NULL,
  reserve_form text NOT NULL, reserved_for text NOT NULL, required_share_ppm bigint, suitable_for_sme boolean,
  ended_on date, end_reason text NOT NULL, corrects text NOT NULL, buyer_name text NOT NULL, preference_ppm bigint,
  part_preference_ppm bigint
);
CREATE INDEX notice_project ON notice (project_code);
CREATE INDEX notice_published ON notice (published_on);
CREATE INDEX notice_contract ON notice (unit_code, published_on) WHERE kind IN ('合同公告', 'contract') AND project_code <> '';

CREATE TABLE award (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  award_id text NOT NULL, process_id text NOT NULL, unit_code text NOT NULL, buyer_name text NOT NULL, title text NOT NULL,
  status text NOT NULL, awarded_on date, amount_fen bigint, currency text NOT NULL
);
COMMENT ON TABLE award IS 'OCDS award without (or before) a contract; award_id = ocid and award id; amount counted once, whatever the number of suppliers';
CREATE INDEX award_unit ON award (unit_code);

CREATE TABLE contract (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  contract_no text NOT NULL, project_code text NOT NULL, package_no text NOT NULL, unit_code text NOT NULL,
  supplier_uscc text NOT NULL, signed_on date, amount_fen bigint NOT NULL, currency text NOT NULL,
  reserve_form text NOT NULL, sme_share_ppm bigint, small_micro_share_ppm bigint,
  reserved_fen bigint, reserved_small_micro_fen bigint,
  declared_size text NOT NULL, reserved_mark boolean,
  agreed_term integer, term_unit text NOT NULL, clock_basis text NOT NULL, inspection_days integer,
  late_rate_ppm bigint, late_cap_ppm bigint, day_base integer,
  status text NOT NULL, cancelled_on date, supplier_name text NOT NULL, buyer_name text NOT NULL,
  project_name text NOT NULL DEFAULT '', payment_clause text NOT NULL DEFAULT ''
);
COMMENT ON COLUMN contract.late_rate_ppm IS 'agreed interest per year, parts per million; null = none agreed';
CREATE INDEX contract_no ON contract (contract_no);
CREATE INDEX contract_group ON contract (supplier_uscc, unit_code);
CREATE INDEX contract_signed ON contract (signed_on);
CREATE INDEX contract_unit ON contract (unit_code, signed_on);
CREATE INDEX contract_project ON contract (project_code);
CREATE INDEX contract_cancelled ON contract (cancelled_on) WHERE cancelled_on IS NOT NULL;

CREATE TABLE party (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  parent_kind text NOT NULL CHECK (parent_kind IN ('award', 'contract')), parent_no text NOT NULL, seq integer NOT NULL,
  role text NOT NULL, supplier_id text NOT NULL, supplier_name text NOT NULL, size_word text NOT NULL, size_class text NOT NULL,
  deemed text NOT NULL, share_ppm bigint, amount_fen bigint, related_to_large boolean
);
COMMENT ON COLUMN party.size_class IS 'L M S X, SME (small, medium or micro, not known which), empty = unknown';
-- Only ever asked for by equality: half the work of an ordered index over two long texts, whose collation compares slowly.
CREATE INDEX party_parent ON party USING hash (parent_no);

CREATE TABLE amendment (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  contract_no text NOT NULL, amended_on date, occurrence integer NOT NULL, amount_change_fen bigint NOT NULL,
  currency text NOT NULL
);
CREATE INDEX amendment_contract ON amendment (contract_no);
CREATE INDEX amendment_day ON amendment (amended_on);

CREATE TABLE event (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  contract_no text NOT NULL, instalment integer NOT NULL, kind text NOT NULL, seq integer NOT NULL, happened_on date NOT NULL,
  result text NOT NULL, part_ppm bigint, amount_fen bigint, document text NOT NULL
);
CREATE INDEX event_contract ON event (contract_no);

CREATE TABLE obligation (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  obligation_no text NOT NULL, contract_no text NOT NULL, kind text NOT NULL, amount_fen bigint NOT NULL, currency text NOT NULL,
  delivered_on date, accepted_on date, settled_on date, contract_due_on date,
  disputed_fen bigint, dispute_opened_on date, dispute_settled_on date,
  unit_code text NOT NULL, creditor_uscc text NOT NULL, creditor_name text NOT NULL, outstanding_fen bigint,
  declared_due_on date, formed_on date, origin text NOT NULL, cause text NOT NULL,
  responsible text NOT NULL DEFAULT '', fund_source text NOT NULL DEFAULT '', costs_fen bigint, secured_fen bigint,
  invoice_on date, deposit_kind text NOT NULL DEFAULT ''
);
COMMENT ON COLUMN obligation.deposit_kind IS 'only of a deposit; empty = not stated';
COMMENT ON COLUMN obligation.invoice_on IS 'starts no clock; a late one may make the debt contested';
COMMENT ON COLUMN obligation.costs_fen IS 'costs of collecting, for the legal order of payments';
COMMENT ON COLUMN obligation.secured_fen IS 'what secures it, for the same';
COMMENT ON COLUMN obligation.unit_code IS 'only for declared debts (申报欠款), which name no contract';
CREATE INDEX obligation_no ON obligation (obligation_no);
CREATE INDEX obligation_contract ON obligation (contract_no);
CREATE INDEX obligation_deposit ON obligation (contract_no) WHERE kind = 'deposit';

CREATE TABLE payment (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  voucher_no text NOT NULL, contract_no text NOT NULL, obligation_no text NOT NULL, unit_code text NOT NULL,
  payee_uscc text NOT NULL, payee_name text NOT NULL, amount_fen bigint NOT NULL, currency text NOT NULL,
  voucher_on date, cleared_on date, received_on date, instrument text NOT NULL, matures_on date,
  reverses_voucher_no text NOT NULL
);
CREATE INDEX payment_voucher ON payment (voucher_no);
CREATE INDEX payment_contract ON payment (contract_no) WHERE contract_no <> '';
CREATE INDEX payment_group ON payment (unit_code, payee_uscc) WHERE contract_no = '' AND obligation_no = '';
CREATE INDEX payment_obligation ON payment (obligation_no) WHERE contract_no = '' AND obligation_no <> '';
CREATE INDEX payment_reverses ON payment (reverses_voucher_no) WHERE reverses_voucher_no <> '';

CREATE TABLE dispute (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  dispute_id text NOT NULL, obligation_no text NOT NULL, opened_on date, amount_fen bigint NOT NULL, ground text NOT NULL,
  separable boolean, settled_on date, agreed_fen bigint, agreed_due_on date
);
CREATE INDEX dispute_obligation ON dispute (obligation_no);
CREATE TABLE complaint (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  complaint_no text NOT NULL, contract_no text NOT NULL, accepted_on date, handed_over_on date, extended boolean,
  answered_on date, result text NOT NULL, not_admitted_ground text NOT NULL
);
CREATE TABLE repayment_plan (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  plan_id text NOT NULL, obligation_no text NOT NULL, instalment integer NOT NULL, agreed_on date, due_on date,
  amount_fen bigint NOT NULL, fund_source text NOT NULL, final_on date, proof text NOT NULL
);

CREATE TABLE year_mark (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  fiscal_year integer NOT NULL, unit_code text NOT NULL, mark text NOT NULL, marked_on date, marked_by text NOT NULL,
  reason text NOT NULL
);
COMMENT ON TABLE year_mark IS 'A person''s word on a fiscal year: budget-complete (nothing more is expected), closed (final snapshot), notice-published (N-1)';

CREATE TABLE register_entry (
  key uuid PRIMARY KEY, print uuid NOT NULL, batch_id bigint NOT NULL, place bigint NOT NULL, extra jsonb,
  entry_no text NOT NULL, register text NOT NULL, fiscal_year integer, unit_code text NOT NULL, project_code text NOT NULL,
  package_no text NOT NULL, supplier_uscc text NOT NULL, contract_no text NOT NULL, field text NOT NULL, value text NOT NULL,
  reason text NOT NULL, evidence text NOT NULL, approver text NOT NULL, valid_from date, valid_to date,
  recorded_by text NOT NULL, withdrawn_on date, withdrawn_by text NOT NULL, withdrawn_reason text NOT NULL
);
COMMENT ON TABLE register_entry IS 'What an authority or a named person decided beside the records: exemption, deemed small or micro, size answer, correction';
COMMENT ON COLUMN register_entry.value IS 'exemption: circumstance 1 to 5; deemed: disabled_welfare, prison; size: L M S X; correction: the field''s right value';
COMMENT ON COLUMN register_entry.withdrawn_on IS 'from this day, that day included, the entry has no effect';
CREATE INDEX register_entry_supplier ON register_entry (supplier_uscc) WHERE supplier_uscc <> '';

-- History: the same columns, then the batch that ended the version.
CREATE TABLE unit_history (LIKE unit, to_batch bigint NOT NULL);
CREATE TABLE supplier_history (LIKE supplier, to_batch bigint NOT NULL);
CREATE TABLE budget_item_history (LIKE budget_item, to_batch bigint NOT NULL);
CREATE TABLE notice_history (LIKE notice, to_batch bigint NOT NULL);
CREATE TABLE award_history (LIKE award, to_batch bigint NOT NULL);
CREATE TABLE contract_history (LIKE contract, to_batch bigint NOT NULL);
CREATE TABLE party_history (LIKE party, to_batch bigint NOT NULL);
CREATE TABLE amendment_history (LIKE amendment, to_batch bigint NOT NULL);
CREATE TABLE event_history (LIKE event, to_batch bigint NOT NULL);
CREATE TABLE obligation_history (LIKE obligation, to_batch bigint NOT NULL);
CREATE TABLE payment_history (LIKE payment, to_batch bigint NOT NULL);
CREATE TABLE dispute_history (LIKE dispute, to_batch bigint NOT NULL);
CREATE TABLE complaint_history (LIKE complaint, to_batch bigint NOT NULL);
CREATE TABLE repayment_plan_history (LIKE repayment_plan, to_batch bigint NOT NULL);
CREATE TABLE year_mark_history (LIKE year_mark, to_batch bigint NOT NULL);
CREATE TABLE register_entry_history (LIKE register_entry, to_batch bigint NOT NULL);
CREATE INDEX unit_history_key ON unit_history (key, to_batch);
CREATE INDEX supplier_history_key ON supplier_history (key, to_batch);
CREATE INDEX budget_item_history_key ON budget_item_history (key, to_batch);
CREATE INDEX notice_history_key ON notice_history (key, to_batch);
CREATE INDEX award_history_key ON award_history (key, to_batch);
CREATE INDEX contract_history_key ON contract_history (key, to_batch);
CREATE INDEX party_history_key ON party_history (key, to_batch);
CREATE INDEX amendment_history_key ON amendment_history (key, to_batch);
CREATE INDEX event_history_key ON event_history (key, to_batch);
CREATE INDEX obligation_history_key ON obligation_history (key, to_batch);
CREATE INDEX payment_history_key ON payment_history (key, to_batch);
CREATE INDEX dispute_history_key ON dispute_history (key, to_batch);
CREATE INDEX complaint_history_key ON complaint_history (key, to_batch);
CREATE INDEX repayment_plan_history_key ON repayment_plan_history (key, to_batch);
CREATE INDEX year_mark_history_key ON year_mark_history (key, to_batch);
CREATE INDEX register_entry_history_key ON register_entry_history (key, to_batch);
CREATE INDEX unit_history_to ON unit_history (to_batch);
CREATE INDEX supplier_history_to ON supplier_history (to_batch);
CREATE INDEX budget_item_history_to ON budget_item_history (to_batch);
CREATE INDEX notice_history_to ON notice_history (to_batch);
CREATE INDEX award_history_to ON award_history (to_batch);
CREATE INDEX contract_history_to ON contract_history (to_batch);
CREATE INDEX party_history_to ON party_history (to_batch);
CREATE INDEX amendment_history_to ON amendment_history (to_batch);
CREATE INDEX event_history_to ON event_history (to_batch);
CREATE INDEX obligation_history_to ON obligation_history (to_batch);
CREATE INDEX payment_history_to ON payment_history (to_batch);
CREATE INDEX dispute_history_to ON dispute_history (to_batch);
CREATE INDEX complaint_history_to ON complaint_history (to_batch);
CREATE INDEX repayment_plan_history_to ON repayment_plan_history (to_batch);
CREATE INDEX year_mark_history_to ON year_mark_history (to_batch);
CREATE INDEX register_entry_history_to ON register_entry_history (to_batch);

-- The number of the batch is the mark of a row that is new since a run of the checks. Rows of one batch lie together, so
-- a summary of small ranges finds them and costs a load next to nothing.
CREATE INDEX unit_batch ON unit USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX supplier_batch ON supplier USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX budget_item_batch ON budget_item USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX notice_batch ON notice USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX contract_batch ON contract USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX party_batch ON party USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX amendment_batch ON amendment USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX event_batch ON event USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX obligation_batch ON obligation USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX dispute_batch ON dispute USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX payment_batch ON payment USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
