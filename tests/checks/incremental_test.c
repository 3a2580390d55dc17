/* Incremental equals full: histories of random batches over the golden district, each evaluated by what it touched and then
 * by everything. SETASIDE_SEED chooses the histories; the seed of a failure is in its message. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/mem.h"
#include "lib/days.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "lib/ledger_change.h"
#include "sql/embed.h"

enum { STEPS = 14, CHANGES_MAX = 4 };

static int coverages; /* compared */

/* The district has no notices of its own: some of each kind, some without unit or package. */
#define NOTICES                                                                                    \
	"INSERT INTO notice SELECT md5('n' || n)::uuid, md5('n' || n)::uuid, 1, n, NULL, "         \
	"'N' || n, CASE WHEN n % 4 = 0 THEN '' ELSE unit_code END, project_code, "                 \
	"CASE WHEN n % 3 = 0 THEN '' ELSE package_no END, "                                        \
	"(ARRAY['采购公告', '招标公告', '终止公告', '中标公告'])[n % 4 + 1], '', " \
	"date '2026-01-20' + (n * 7 % 330)::integer, NULL, NULL, NULL, 'CNY', '', '', NULL, "      \
	"NULL, NULL, '', '', '' "                                                                  \
	"FROM (SELECT b.*, row_number() OVER (ORDER BY key) AS n FROM budget_item b "              \
	"  WHERE fiscal_year = 2026 AND project_code <> '') b WHERE n % 5 = 0"

/* The debts of every fifth contract take their days from events: some known, some ahead, some for another instalment. */
#define EVENTS                                                                                     \
	"UPDATE obligation o SET delivered_on = NULL, accepted_on = NULL, settled_on = NULL "      \
	"FROM (SELECT contract_no, row_number() OVER (ORDER BY contract_no) AS n FROM contract) "  \
	"c WHERE c.contract_no = o.contract_no AND c.n % 5 = 0;"                                   \
	"INSERT INTO event SELECT md5('v' || n)::uuid, md5('v' || n)::uuid, 1, n, NULL, "          \
	"contract_no, CASE WHEN n % 7 = 0 THEN 2 ELSE 1 END, (ARRAY['delivery', 'acceptance', "    \
	"'settlement', 'handover'])[n % 4 + 1], 1, date '2026-07-01' + (n * 11 % 200)::integer, "  \
	"CASE WHEN n % 3 = 0 THEN 'failed' ELSE 'passed' END, NULL, NULL, '' "                     \
	"FROM (SELECT contract_no, row_number() OVER (ORDER BY contract_no) AS n FROM contract) "  \
	"c WHERE n % 5 < 2"

static void set_up(void)
{
	district_rig_set_up();
	district_rig_hook();
	pg_exec(district.db, NOTICES);
	pg_exec(district.db, EVENTS);
	/* A third of the debts have two disputes: one that is settled for a part, one that is open. */
	pg_exec(district.db,
		"INSERT INTO dispute (key, print, batch_id, place, dispute_id, obligation_no, "
		"opened_on, amount_fen, ground, separable, settled_on, agreed_fen, "
		"agreed_due_on) SELECT md5(n || obligation_no)::uuid, md5(n || "
		"obligation_no)::uuid, batch_id, 0, 'D' || n || obligation_no, obligation_no, "
		"date '2026-06-01' + n * 40, amount_fen / (n + 3), '', NULL, CASE n WHEN 1 THEN "
		"date '2026-08-01' END, CASE n WHEN 1 THEN amount_fen / 6 END, NULL FROM "
		"obligation, generate_series(1, 2) n WHERE get_byte(decode(md5(obligation_no), "
		"'hex'), 0) % 3 = 0");
}

TestSuite(incremental, .init = set_up, .fini = district_rig_tear_down, .timeout = 280);

/* Batches ------------------------------------------------------------------------------------- */

static const struct ledger_change changes[] = {
	{ "contract", "amount_fen = amount_fen + 1000", NULL },
	{ "contract",
		"supplier_uscc = (SELECT uscc FROM supplier ORDER BY md5(uscc || '$R') LIMIT 1)",
		NULL },
	{ "contract",
		"unit_code = (SELECT unit_code FROM unit ORDER BY md5(unit_code || '$R') LIMIT 1)",
		NULL },
	{ "contract", "signed_on = date '$D' + 9", NULL },
	{ "contract",
		"signed_on = date '$D' - 100, late_rate_ppm = 80000, late_cap_ppm = 20000, "
		"day_base = 360",
		NULL },
	{ "contract", "agreed_term = 45, term_unit = 'workday', inspection_days = 5", NULL },
	{ "contract", "declared_size = 'L'", NULL },
	{ "contract", NULL, NULL },
	{ "contract", NULL, "contract_no = 'CN-$R', signed_on = date '$D' - 40" },
	{ "amendment", "amount_change_fen = amount_change_fen - 5000", NULL },
	{ "amendment", NULL, "amended_on = date '$D' + 6, amount_change_fen = 77700" },
	{ "amendment", NULL, NULL },
	{ "event", "happened_on = date '$D' + 3", NULL },
	{ "event", "happened_on = date '$D' - 50, result = 'passed'", NULL },
	{ "event", "kind = 'acceptance', result = 'failed', happened_on = date '$D' - 1", NULL },
	{ "event",
		"contract_no = (SELECT contract_no FROM contract ORDER BY md5(contract_no || '$R') "
		"LIMIT 1)",
		NULL },
	{ "event", NULL, NULL },
	{ "event", NULL, "seq = seq + 1, kind = 'delivery', happened_on = date '$D' - 40" },
	{ "obligation", "amount_fen = amount_fen + 12345", NULL },
	{ "obligation", "delivered_on = date '$D' - 35, accepted_on = NULL, contract_due_on = NULL",
		NULL },
	{ "obligation", "accepted_on = date '$D' + 4", NULL },
	{ "obligation",
		"disputed_fen = amount_fen / 3, dispute_opened_on = date '$D' - 10, "
		"dispute_settled_on = date '$D' + 8",
		NULL },
	{ "obligation",
		"disputed_fen = amount_fen / 2, dispute_opened_on = date '$D' - 2, "
		"dispute_settled_on = date '$D' + 6, accepted_on = date '$D' - 90, contract_due_on "
		"= NULL",
		NULL },
	{ "obligation",
		"contract_no = (SELECT contract_no FROM contract ORDER BY md5(contract_no || '$R') "
		"LIMIT 1)",
		NULL },
	{ "dispute", NULL, "dispute_id = 'DN-$R', opened_on = date '$D' - 3, settled_on = NULL" },
	{ "dispute", NULL, "dispute_id = 'DL-$R', opened_on = date '$D' + 5, settled_on = NULL" },
	{ "dispute",
		"settled_on = date '$D' + 4, agreed_fen = amount_fen / 3, agreed_due_on = date "
		"'$D' + 7",
		NULL },
	{ "dispute", "settled_on = date '$D' - 1, agreed_fen = NULL, separable = false", NULL },
	{ "dispute",
		"obligation_no = (SELECT obligation_no FROM obligation ORDER BY md5(obligation_no "
		"|| '$R') LIMIT 1)",
		NULL },
	{ "dispute", NULL, NULL },
	{ "obligation", "contract_no = 'nowhere-$R'", NULL },
	{ "contract", "payment_clause = '收到发票后支付'", NULL },
	{ "contract", "payment_clause = '收到业主款项后15日内支付', late_rate_ppm = NULL", NULL },
	{ "contract", "late_rate_ppm = 1000, signed_on = date '$D' - 90", NULL },
	{ "obligation", "invoice_on = date '$D' - 12", NULL },
	{ "obligation", "invoice_on = date '$D' + 4", NULL },
	{ "obligation", NULL, NULL },
	{ "obligation", NULL, "obligation_no = 'ON-$R', contract_due_on = date '$D' + 3" },
	{ "payment", "amount_fen = amount_fen / 2", NULL },
	{ "payment", "cleared_on = date '$D' + 5, received_on = NULL", NULL },
	{ "payment", "contract_no = '', obligation_no = ''", NULL },
	{ "payment", "contract_no = ''", NULL },
	{ "payment", "contract_no = 'nowhere-$R'", NULL },
	{ "payment", "contract_no = '', obligation_no = 'nowhere-$R'", NULL },
	{ "payment",
		"contract_no = (SELECT contract_no FROM contract ORDER BY md5(contract_no || '$R') "
		"LIMIT 1), obligation_no = ''",
		NULL },
	{ "payment", "payee_uscc = (SELECT uscc FROM supplier ORDER BY md5(uscc || '$R') LIMIT 1)",
		NULL },
	{ "payment", NULL, NULL },
	{ "payment", NULL, "voucher_no = 'PN-$R', cleared_on = date '$D' - 1" },
	{ "payment", NULL,
		"voucher_no = 'RV-$R', reverses_voucher_no = voucher_no, received_on = date '$D' - "
		"2" },
	{ "payment", NULL,
		"voucher_no = 'RF-$R', reverses_voucher_no = voucher_no, received_on = date '$D' + "
		"7" },
	{ "payment", NULL,
		"voucher_no = 'BN-$R', instrument = 'bill', matures_on = date '$D' + 11" },
	{ "supplier", "size_class = 'L', large_controlled = true", NULL },
	{ "supplier", "size_class = 'S', large_controlled = false, employees = 12", NULL },
	{ "supplier", NULL, NULL },
	{ "unit", "kind = 'soe'", NULL },
	{ "unit",
		"parent_code = (SELECT unit_code FROM unit WHERE parent_code = '' ORDER BY "
		"md5(unit_code || '$R') LIMIT 1)",
		NULL },
	{ "unit", "valid_to = date '$D' + 5", NULL },
	{ "unit", NULL, "valid_from = date '$D' + 8, kind = 'institution', name = name || '$R'" },
	{ "budget_item", "budget_fen = budget_fen + 990000", NULL },
	{ "budget_item", "withdrawn_on = date '$D' + 2", NULL },
	{ "budget_item", NULL, NULL },
	{ "budget_item", "approved_on = NULL", NULL },
	{ "budget_item",
		"unit_code = (SELECT unit_code FROM unit ORDER BY md5(unit_code || '$R') LIMIT 1)",
		NULL },
	{ "budget_item", "fiscal_year = fiscal_year - 1", NULL },
	{ "budget_item", "notice_on = date '$D' + 3, planned_month = '2026-11'", NULL },
	{ "budget_item",
		"reserve_form = '', exemption_code = '3', exemption_reason = '只有一家', "
		"exemption_approver = '王芳', exemption_on = date '$D' + 2",
		NULL },
	{ "budget_item", "exemption_code = '', exemption_on = NULL", NULL },
	{ "budget_item", "approved_on = '2025-11-10', project_code = 'E-1'", NULL },
	{ "budget_item",
		"approved_on = '2025-11-20', package_no = '', reserve_form = '', exemption_code "
		"= ''",
		NULL },
	{ "contract", "signed_on = '2025-12-05'", NULL },
	{ "contract",
		"signed_on = '2025-12-05', unit_code = coalesce((SELECT unit_code FROM budget_item "
		"WHERE "
		"project_code = 'E-1' LIMIT 1), unit_code), project_code = 'E-1'",
		NULL },
	{ "notice", "published_on = date '$D' + 2", NULL },
	{ "notice", "published_on = '2025-12-08'", NULL },
	{ "notice", "unit_code = '', package_no = ''", NULL },
	{ "notice",
		"kind = '采购公告', project_code = (SELECT project_code FROM budget_item ORDER BY "
		"md5(key::text || '$R') LIMIT 1)",
		NULL },
	{ "notice", NULL, NULL },
	{ "budget_item", "reserve_form = 'consortium', required_share_ppm = NULL", NULL },
	{ "budget_item", NULL,
		"snapshot = 'final', approved_on = date '$D' - 1, budget_fen = budget_fen * 2" },
	{ "contract", "status = 'cancelled', cancelled_on = date '$D' + 1", NULL },
	{ "contract", "reserve_form = 'whole', declared_size = '', signed_on = date '$D' - 30",
		NULL },
	{ "supplier", "size_class = '', employees = 40, revenue_fen = 900000000, size_year = 2025",
		NULL },
	{ "supplier", "deemed = 'prison'", NULL },
	{ "unit",
		"parent_code = (SELECT unit_code FROM unit WHERE parent_code = '' ORDER BY "
		"md5(unit_code || '$R') DESC LIMIT 1), valid_from = date '$D' - 120",
		NULL },
	{ "unit", NULL, NULL },
};
/* What is no record: calendar, LPR, parameters. */
static const char *const law_changes[] = {
	"INSERT INTO calendar_day (day, kind) SELECT d::date, 'holiday' FROM generate_series(date "
	"'$D' - 3, date '$D' + 1,"
	" interval '1 day') d ON CONFLICT DO NOTHING",
	"DELETE FROM calendar_day WHERE day BETWEEN date '$D' - 20 AND date '$D' + 20 AND kind = "
	"'workday'",
	"UPDATE lpr SET one_year_ppm = one_year_ppm + 500 WHERE published_on < date '$D' - 200",
	"UPDATE rule_parameter SET value = '600' WHERE name = 'statutory_daily_ppm'",
	"UPDATE rule_parameter SET valid_to = date '$D' + 3 WHERE name = 'remind_workdays' AND "
	"valid_to IS NULL; INSERT INTO rule_parameter (jurisdiction, rule_id, name, valid_from, "
	"value, unit) SELECT jurisdiction, rule_id, name, valid_to + 1, '25', unit FROM "
	"rule_parameter WHERE name = 'remind_workdays' AND valid_to = date '$D' + 3 ON CONFLICT DO "
	"NOTHING",
};

/* A person's word on the year, of the district or of a unit, or its end. */
static const char *const mark_changes[] = {
	"INSERT INTO year_mark SELECT md5('$R')::uuid, md5('$R')::uuid, $R, 1, NULL, 2026, "
	"CASE WHEN random() < 0.5 THEN (SELECT min(unit_code) FROM unit) ELSE '' END, "
	"'budget-complete', date '$D', '王芳', ''",
	"WITH gone AS (DELETE FROM year_mark RETURNING *) INSERT INTO year_mark_history "
	"SELECT g.*, $R FROM gone g",
};

/* What an authority decided: an exemption, who is deemed small, a size answer, a correction; a withdrawal in the future,
 * now, or an entry that goes altogether. */
static const char *const entry_changes[] = {
	LEDGER_ENTRY
	"'exemption', fiscal_year, unit_code, project_code, '', '', '', '', '3', 'x', '', "
	"'王芳', date '$D' - 200, date '$D' + 4, '李', NULL, '', '' FROM budget_item WHERE "
	"fiscal_year = 2026 AND project_code <> '' ORDER BY md5(key::text || '$R') LIMIT 1",
	LEDGER_ENTRY
	"'deemed', NULL, '', '', '', uscc, '', '', 'prison', 'x', '', '王芳', '2020-01-01', "
	"NULL, '李', date '$D' + 5, '王芳', 'y' FROM supplier ORDER BY md5(uscc || '$R') "
	"LIMIT 1",
	LEDGER_ENTRY
	"'size', NULL, '', '', '', uscc, '', '', 'L', 'x', '', '王芳', '2020-01-01', NULL, "
	"'李', NULL, '', '' FROM supplier ORDER BY md5(uscc || '$R') LIMIT 1",
	LEDGER_ENTRY
	"'size', NULL, '', '', '', '', contract_no, '', 'S', 'x', '', '王芳', '2020-01-01', "
	"NULL, '李', date '$D' + 3, '王芳', 'y' FROM contract ORDER BY md5(contract_no || "
	"'$R') LIMIT 1",
	LEDGER_ENTRY
	"'correction', NULL, '', '', '', '', contract_no, 'reserve_form', 'whole', 'x', '', "
	"'王芳', '2020-01-01', NULL, '李', NULL, '', '' FROM contract ORDER BY "
	"md5(contract_no || '$R') LIMIT 1",
	LEDGER_ENTRY
	"'correction', fiscal_year, unit_code, project_code, package_no, '', '', "
	"'reserved_for', 'small_micro', 'x', '', '王芳', '2020-01-01', NULL, '李', NULL, '', "
	"'' FROM budget_item WHERE fiscal_year = 2026 AND project_code <> '' ORDER BY "
	"md5(key::text || '$R') LIMIT 1",
	LEDGER_ENTRIES_GO,
};

#define SOME(list) list, sizeof(list) / sizeof(*(list))

static void make_batch(const char *day)
{
	int64_t batch = district_batch(district.db);
	unsigned count = 1 + ledger_below(CHANGES_MAX);

	for (unsigned i = 0; i < count; i++)
		ledger_any_change(district.db, SOME(changes), batch, day);
	if (ledger_below(4) == 0)
		ledger_any_statement(district.db, SOME(mark_changes), day, (unsigned)batch);
	if (ledger_below(2) == 0)
		ledger_any_entry(district.db, SOME(entry_changes), day);
	if (ledger_below(6) == 0)
		ledger_any_statement(district.db, SOME(law_changes), day, 0);
}

/* Comparison ---------------------------------------------------------------------------------- */

/* All stored rows of states and figures but for what names the run that wrote them; interest as on the day. */
static char *stored(const char *day)
{
	_cleanup_free_ char *sql = mem_format(
		"SELECT concat_ws(E'\\n', (SELECT string_agg(concat_ws('|', s.obligation_no, "
		"contract_no, unit_code,"
		" supplier_uscc, department, kind, debtor_kind, coverage, status, start_on, "
		"due_nominal_on, due_on, due_source,"
		" amount_fen, paid_fen, outstanding_fen, undisputed_fen, disputed_fen, "
		"overdue_fen, overdue_since, rate_basis,"
		" rate_ppm, day_base, alt_rate_ppm, alt_day_base, day_product + "
		"overdue_fen::numeric * (date '%s' - as_of), "
		"accruing_fen, cap_left_fen,"
		" flags::text, currency, print, missing_year, d.overdue_days, "
		"d.interest_fen, d.interest_alt_fen, d.interest_beside_fen), E'\\n'"
		" ORDER BY s.obligation_no COLLATE \"C\") FROM obligation_state s JOIN "
		"obligation_state_on('%s') d"
		" ON d.obligation_no = s.obligation_no),"
		" (SELECT string_agg(concat_ws('|', unit_code, supplier_uscc, next_change_on, "
		"print), E'\\n'"
		" ORDER BY unit_code COLLATE \"C\", supplier_uscc COLLATE \"C\") FROM "
		"obligation_group),"
		" (SELECT string_agg(concat_ws('|', missing_year, obligations), E'\\n' ORDER BY "
		"missing_year) FROM obligation_missing_year WHERE obligations > 0),"
		" (SELECT string_agg(concat_ws('|', contract_no, paid_fen), E'\\n' ORDER BY "
		"contract_no COLLATE \"C\") FROM contract_paid WHERE paid_fen <> 0),"
		" (SELECT string_agg(concat_ws('|', fiscal_year, scope, name, rule_id, "
		"body::text), E'\\n' ORDER BY scope COLLATE \"C\")"
		" FROM quota_figure),"
		" (SELECT string_agg(concat_ws('|', code, subject, unit_code, department, "
		"amount_fen, print, state = 'closed'), E'\\n'"
		" ORDER BY code, subject COLLATE \"C\") FROM finding WHERE state <> 'closed'))",
		day, day);
	return mem_text(pg_text(district.db, sql));
}

static void first_difference(const char *a, const char *b, uint64_t seed, int step)
{
	size_t line = 0, at = 0;

	for (; a[at] && a[at] == b[at]; at++)
		if (a[at] == '\n')
			line = at + 1;
	cr_assert_fail("seed %" PRIu64 ", step %d:\nincremental %.400s\nfull        %.400s", seed,
		step, a + line, b + line);
}

static void expect_body(const char *scope, const json_t *want, uint64_t seed, int step)
{
	_cleanup_free_ char *sql = mem_format(
		"SELECT body::text FROM quota_figure WHERE fiscal_year = 2026 AND scope = '%s'",
		scope);
	json_t *body = json_loads(pg_text(district.db, sql), 0, NULL);

	cr_assert(json_equal(body, want),
		"seed %" PRIu64 ", step %d: scope %s\nstored   %s\ndocument %s", seed, step, scope,
		json_dumps(body, JSON_COMPACT), json_dumps(want, JSON_COMPACT));
	json_decref(body);
}

/* What the pages read of the set-aside is what a document says that is computed from all rows at once. */
static void expect_document(const char *day, uint64_t seed, int step)
{
	_cleanup_free_ char *text = evaluate_snapshot(district.base, district.link, day, NULL, -1);
	json_t *document = json_loads(text, 0, NULL);
	const json_t *quota = json_object_get(document, "quota"), *member;
	const json_t *departments = json_object_get(quota, "departments");
	const char *scope;

	cr_assert_eq(
		pg_int(district.db, "SELECT count(*) FROM quota_figure WHERE scope <> 'district'"),
		(int64_t)json_object_size(departments));
	json_object_foreach((json_t *)departments, scope, member)
		expect_body(scope, member, seed, step);
	expect_body("district", json_object_get(quota, "district"), seed, step);
	json_decref(document);
}

/* What messages say that the figures rest on, brought up by what changed, is what a count over everything gives. */
static void expect_coverage(uint64_t seed, int step)
{
	static const char counts[] =
		"SELECT concat_ws(' ', known_batch, contracts, usable, payments, "
		"orphans) FROM coverage_count";
	_cleanup_free_ char *batch =
		mem_text(pg_text(district.db, "SELECT max(batch_id) FROM batch"));
	_cleanup_free_ char *kept = mem_text(pg_text(district.db, counts)), *anew = NULL;
	struct buf count;
	const char *rest = sql_text_told_coverage;

	buf_init(&count, 65536);
	for (const char *at; (at = strstr(rest, "$1")) != NULL; rest = at + 2) {
		buf_add(&count, rest, (size_t)(at - rest));
		buf_add_text(&count, batch);
	}
	buf_add_text(&count, rest);
	if (strncmp(kept, batch, strlen(batch)) == 0) {
		anew = mem_text(pg_text(district.db, count.data));
		free(anew);
		anew = mem_text(pg_text(district.db, counts));
		cr_assert_str_eq(kept, anew,
			"seed %" PRIu64 ", step %d: batch, contracts, usable, "
			"payments, orphans",
			seed, step);
		coverages++;
	}
	buf_free(&count);
}

static void run_history(uint64_t seed)
{
	day_t on = day("2026-10-20");
	char text[DAY_TEXT_MAX];

	ledger_seed(seed);
	evaluate_changes(district.base, district.link, day_text(on, text));
	for (int step = 0; step < STEPS; step++) {
		struct check_report report;
		_cleanup_free_ char *part = NULL, *whole = NULL;

		if (ledger_below(3) == 0)
			on += 1 + (day_t)ledger_below(12);
		if (ledger_below(8) != 0)
			make_batch(day_text(on, text));
		report = evaluate_changes(district.base, district.link, day_text(on, text));
		expect_coverage(seed, step);
		part = stored(text);
		/* On what is there: nothing is left to write. */
		report = evaluate(district.base, district.link, text);
		whole = stored(text);
		if (report.states_written + report.states_removed + report.figures_written +
				report.findings_opened + report.findings_updated +
				report.findings_closed >
			0)
			first_difference(part, whole, seed, step);
		if (step % 7 != 6)
			continue;
		expect_document(text, seed, step);
		/* From nothing. */
		pg_exec(district.db, "TRUNCATE obligation_state, quota_figure, quota_part");
		evaluate(district.base, district.link, text);
		free(whole);
		whole = stored(text);
		if (strcmp(part, whole) != 0)
			first_difference(part, whole, seed, step);
	}
}

Test(incremental, a_random_history_gives_the_rows_of_a_full_run)
{
	run_history(ledger_history(1));
	cr_expect_gt(coverages, 3);
}

Test(incremental, another_random_history_does_too)
{
	run_history(ledger_history(2));
}

Test(incremental, only_the_touched_group_is_judged)
{
	struct check_report report;

	evaluate_changes(district.base, district.link, "2026-10-20");
	ledger_change(district.db,
		&(struct ledger_change){ .kind = "obligation", .set = "amount_fen = amount_fen" },
		district_batch(district.db), "2026-10-20");
	report = evaluate_changes(district.base, district.link, "2026-10-20");
	cr_assert_gt(report.obligations, 0);
	cr_assert_lt(report.obligations, 100, "%" PRId64 " of 970 were judged", report.obligations);
	cr_assert_eq(report.states_written, 0);
	cr_assert_gt(report.run_id, 0, "another batch is known now");
	report = evaluate_changes(district.base, district.link, "2026-10-20");
	cr_assert_eq(report.run_id, 0);
	cr_assert_eq(report.obligations, 0);
}

/* On record before its day: reminders begin 30 working days ahead from 23 October on. */
static const char longer_reminders[] =
	"UPDATE rule_parameter SET valid_to = '2026-10-22' WHERE name = 'remind_workdays';"
	"INSERT INTO rule_parameter (jurisdiction, rule_id, name, valid_from, value, unit) SELECT "
	"jurisdiction, rule_id, name, '2026-10-23', '30', unit FROM rule_parameter WHERE name = "
	"'remind_workdays'";

Test(incremental, a_parameter_reaches_everything_on_the_day_on_which_it_takes_effect)
{
	static const char soon[] =
		"SELECT count(*) FROM finding WHERE code = 'arrears-due-soon' AND "
		"state <> 'closed'";
	_cleanup_free_ char *part = NULL, *whole = NULL;
	int64_t before;

	pg_exec(district.db, longer_reminders);
	evaluate_changes(district.base, district.link, "2026-10-20");
	cr_assert_lt(evaluate_changes(district.base, district.link, "2026-10-22").obligations, 970);
	before = pg_int(district.db, soon);
	cr_assert_eq(evaluate_changes(district.base, district.link, "2026-10-23").obligations, 970);
	cr_assert_gt(pg_int(district.db, soon), before);
	cr_assert_lt(evaluate_changes(district.base, district.link, "2026-10-24").obligations, 970,
		"once");
	part = stored("2026-10-24");
	pg_exec(district.db, "TRUNCATE obligation_state, quota_figure, quota_part");
	evaluate(district.base, district.link, "2026-10-24");
	whole = stored("2026-10-24");
	cr_assert_str_eq(part, whole);
}

Test(incremental, a_parameter_that_ends_reaches_everything_the_day_after)
{
	pg_exec(district.db,
		"UPDATE rule_parameter SET valid_to = '2026-10-22' WHERE name = 'remind_workdays'");
	evaluate_changes(district.base, district.link, "2026-10-21");
	cr_assert_lt(evaluate_changes(district.base, district.link, "2026-10-22").obligations, 970);
	cr_assert_eq(evaluate_changes(district.base, district.link, "2026-10-23").obligations, 970);
}

Test(incremental, a_law_that_changed_reaches_everything)
{
	evaluate_changes(district.base, district.link, "2026-10-20");
	pg_exec(district.db,
		"UPDATE rule_parameter SET value = '600' WHERE name = 'statutory_daily_ppm'");
	cr_assert_eq(evaluate_changes(district.base, district.link, "2026-10-20").obligations, 970);
}
