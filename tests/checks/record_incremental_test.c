/* A look at what changed equals a look at everything: histories of random batches and days over the golden district, after each
 * of which a full look finds nothing to change. SETASIDE_SEED chooses other histories; the seed of a failure is in its message. */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "lib/days.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/ledger_change.h"
#include "lib/record_look.h"
#include "sql/link.h"

enum { STEPS = 16, CHANGES_MAX = 5, PATIENCE_MS = 60000 };

/* Rows of one natural key differ in it. */
#define OCCURRENCE "('x' || substr(md5(key::text || '$R'), 1, 7))::bit(28)::integer"
/* What the golden files have none or few of: notices, parties, deposits, packages under two units, rows of the year
 * before. */
static const char world[] =
	"INSERT INTO notice SELECT md5('n' || n || k.kind)::uuid, md5('n' || n)::uuid, 1, n, NULL, "
	"  k.kind || n, unit_code, project_code, CASE WHEN n % 3 = 0 THEN '' ELSE package_no END, "
	"  k.kind, '', signed_on + k.days + (n % 40)::integer, NULL, NULL, NULL, 'CNY', '', '', "
	"  NULL, NULL, NULL, CASE WHEN n % 2 = 0 THEN '不足三家' ELSE '' END, '', '' "
	"FROM (SELECT c.*, row_number() OVER (ORDER BY contract_no) AS n FROM contract c "
	"  WHERE project_code <> '' AND signed_on IS NOT NULL) c "
	"JOIN (VALUES ('中标公告', -50, 2), ('合同公告', 1, 3), ('终止公告', -10, 7)) "
	"  AS k (kind, days, every) ON n % k.every = 0;"
	"INSERT INTO party SELECT md5('p' || n)::uuid, md5('p' || n)::uuid, 1, n, NULL, "
	"'contract', "
	"  contract_no, 1, 'subcontractor', '91', '', '', (ARRAY['L', 'M', 'S', ''])[n % 4 + 1], "
	"  '', NULL, NULL, NULL "
	"FROM (SELECT c.*, row_number() OVER (ORDER BY contract_no) AS n FROM contract c) c "
	"  WHERE n % 3 = 0;"
	"UPDATE obligation SET kind = 'deposit' WHERE md5(obligation_no) < '2';"
	"UPDATE contract SET declared_size = 'S', reserve_form = 'whole' "
	"  WHERE md5(contract_no) < '6';"
	"INSERT INTO budget_item SELECT * FROM (SELECT (jsonb_populate_record(NULL::budget_item, "
	"  to_jsonb(b) || jsonb_build_object('key', md5(key::text || s.shift)::uuid, "
	"'occurrence', " OCCURRENCE " - s.shift, "
	"  'fiscal_year', fiscal_year - s.shift, 'unit_code', CASE WHEN s.shift = 0 THEN (SELECT "
	"  min(unit_code) FROM unit) ELSE unit_code END, 'approved_on', approved_on - 365 * "
	"  s.shift))).* FROM budget_item b CROSS JOIN (VALUES (0), (1)) AS s (shift) "
	"  WHERE md5(b.key::text) < '4') x";

static const struct ledger_change changes[] = {
	{ "contract", "amount_fen = amount_fen + 1000", NULL },
	{ "contract",
		"unit_code = (SELECT unit_code FROM unit ORDER BY md5(unit_code || '$R') LIMIT 1)",
		NULL },
	{ "contract",
		"(project_code, package_no) = (SELECT project_code, package_no FROM budget_item "
		"ORDER BY md5(key::text || '$R') LIMIT 1)",
		NULL },
	{ "contract", "project_code = ''", NULL },
	{ "contract", "signed_on = date '$D' + 9", NULL },
	{ "contract", "signed_on = date '$D' - 7", NULL },
	{ "contract", "signed_on = date '2019-03-04'", NULL },
	{ "contract", "signed_on = NULL", NULL },
	{ "contract", "currency = 'USD'", NULL },
	{ "contract", "status = 'cancelled', cancelled_on = date '$D' + 6", NULL },
	{ "contract", "reserve_form = 'consortium', sme_share_ppm = NULL", NULL },
	{ "contract", "agreed_term = 120, payment_clause = '业主付款后支付'", NULL },
	{ "contract", NULL, NULL },
	{ "contract", NULL, "contract_no = contract_no || '-$R'" },
	{ "amendment", "amount_change_fen = 900000000", NULL },
	{ "amendment", "amended_on = NULL", NULL },
	{ "amendment", NULL, "amended_on = date '$D' + 5, amount_change_fen = 800000000" },
	{ "amendment", NULL, NULL },
	{ "obligation", "kind = 'deposit', amount_fen = amount_fen * 3", NULL },
	{ "obligation", "kind = 'delivery'", NULL },
	{ "obligation", "kind = 'deposit', deposit_kind = 'bid'", NULL },
	{ "obligation",
		"kind = 'deposit', deposit_kind = 'performance', amount_fen = amount_fen * 3",
		NULL },
	{ "obligation", NULL, NULL },
	{ "payment", "amount_fen = amount_fen / 2", NULL },
	/* A contract with a clause is paid in full, some days ahead; or its payment goes elsewhere, or is gone. */
	{ "payment",
		"amount_fen = 90000000000000, received_on = date '$D' + 5, obligation_no = '', "
		"contract_no = coalesce((SELECT contract_no FROM contract WHERE agreed_term > 60 "
		"OR "
		"payment_clause <> '' ORDER BY md5(contract_no || '$R') LIMIT 1), contract_no)",
		NULL },
	{ "payment", "contract_no = '', received_on = date '$D' - 3", NULL },
	{ "payment", NULL, NULL },
	{ "party", "size_class = 'L'", NULL },
	{ "party", "role = 'member'", NULL },
	{ "party",
		"parent_no = (SELECT contract_no FROM contract ORDER BY md5(contract_no || '$R') "
		"LIMIT 1)",
		NULL },
	{ "party", NULL, NULL },
	{ "notice", "published_on = date '$D' + 8", NULL },
	{ "notice", "published_on = published_on - 200", NULL },
	{ "notice", "kind = '终止公告'", NULL },
	{ "notice", "kind = 'contract'", NULL },
	{ "notice", "kind = '采购公告'", NULL },
	{ "notice",
		"unit_code = (SELECT unit_code FROM unit ORDER BY md5(unit_code || '$R') LIMIT 1)",
		NULL },
	{ "notice",
		"project_code = (SELECT project_code FROM budget_item ORDER BY md5(key::text || "
		"'$R') LIMIT 1)",
		NULL },
	{ "notice", NULL, NULL },
	{ "supplier", "size_class = 'L', large_controlled = true", NULL },
	{ "supplier", "size_class = 'S', employees = 12, size_year = 2025", NULL },
	{ "supplier", NULL, NULL },
	{ "budget_item", "budget_fen = budget_fen + 990000", NULL },
	{ "budget_item",
		"unit_code = (SELECT unit_code FROM unit ORDER BY md5(unit_code || '$R') LIMIT 1)",
		NULL },
	{ "budget_item", NULL,
		"unit_code = (SELECT unit_code FROM unit ORDER BY md5(unit_code || '$R') LIMIT "
		"1)" },
	{ "budget_item", "project_code = ''", NULL },
	{ "budget_item", "fiscal_year = fiscal_year - 1", NULL },
	{ "budget_item", "approved_on = NULL", NULL },
	{ "budget_item", "approved_on = date '$D' + 4", NULL },
	{ "budget_item", "withdrawn_on = date '$D' + 5", NULL },
	{ "budget_item", "reserve_form = 'whole', exemption_code = '9'", NULL },
	{ "budget_item",
		"reserve_form = 'whole', exemption_code = '3', exemption_reason = '只有一家', "
		"exemption_approver = '王芳', exemption_on = date '$D' + 7",
		NULL },
	{ "budget_item", "reserve_form = 'consortium', required_share_ppm = NULL", NULL },
	{ "budget_item", NULL, NULL },
};
/* These reach everything: now and then only, or nothing else would be tried. */
static const struct ledger_change wide_changes[] = {
	{ "unit", "kind = 'soe'", NULL },
	{ "unit",
		"parent_code = (SELECT unit_code FROM unit WHERE parent_code = '' ORDER BY "
		"md5(unit_code || '$R') LIMIT 1)",
		NULL },
	{ "unit", NULL, NULL },
};
static const char *const mark_changes[] = {
	"INSERT INTO year_mark SELECT md5('$R')::uuid, md5('$R')::uuid, (SELECT max(batch_id) FROM "
	"batch), 1, NULL, extract(year FROM date '$D') - 1, '', 'notice-published', date '$D' + 3, "
	"'王芳', ''",
	"UPDATE rule_parameter SET value = '7' WHERE rule_id = 'N-2' AND name LIKE '%publish%'",
};

static const char *const entry_changes[] = {
	LEDGER_ENTRY
	"'exemption', fiscal_year, unit_code, project_code, '', '', '', '', '3', 'x', '', "
	"'王芳', date '$D' + 2, date '$D' + 4, '李', NULL, '', '' FROM budget_item WHERE "
	"reserve_form <> '' AND project_code <> '' ORDER BY md5(key::text || '$R') LIMIT 1",
	LEDGER_ENTRY
	"'size', NULL, '', '', '', uscc, '', '', 'L', 'x', '', '王芳', '2020-01-01', NULL, "
	"'李', date '$D' + 5, '王芳', 'y' FROM supplier ORDER BY md5(uscc || '$R') LIMIT 1",
	LEDGER_ENTRY
	"'correction', NULL, '', '', '', '', contract_no, 'reserve_form', 'whole', 'x', '', "
	"'王芳', '2020-01-01', NULL, '李', NULL, '', '' FROM contract ORDER BY "
	"md5(contract_no || '$R') LIMIT 1",
	LEDGER_ENTRIES_GO,
};

#define SOME(list) list, sizeof(list) / sizeof(*(list))

static void make_batch(const char *day)
{
	int64_t batch = district_batch(district.db);
	unsigned count = 1 + ledger_below(CHANGES_MAX);

	for (unsigned i = 0; i < count; i++)
		ledger_any_change(district.db, SOME(changes), batch, day);
	if (ledger_below(16) == 0)
		ledger_any_change(district.db, SOME(wide_changes), batch, day);
	if (ledger_below(3) == 0)
		ledger_any_entry(district.db, SOME(entry_changes), day);
	if (ledger_below(16) == 0)
		ledger_any_statement(district.db, SOME(mark_changes), day, (unsigned)batch);
}

static void expect_equal(const char *day, uint64_t seed, int step)
{
	struct record_report report = record_look(day);

	cr_assert_eq(report.opened + report.updated + report.closed, 0,
		"seed %" PRIu64 ", step %d, %s: a full look changed\n%s", seed, step, day,
		pg_text(district.db,
			"SELECT string_agg(concat_ws(' ', e.event, f.code, f.subject, f.unit_code, "
			"f.print), E'\\n') FROM finding_event e JOIN finding f USING (finding_id) "
			"WHERE e.run_id = (SELECT max(run_id) FROM check_run)"));
}

static void run_history(uint64_t seed, const char *first)
{
	day_t on = day(first);
	char text[DAY_TEXT_MAX];
	int64_t all, narrow = 0, changed = 0;

	ledger_seed(seed);
	pg_exec(district.db, world);
	record_look(first);
	all = pg_int(district.db, "SELECT count(DISTINCT project_code) FROM contract");
	for (int step = 0; step < STEPS; step++) {
		struct record_report report;

		if (ledger_below(2) == 0)
			on += 1 + (day_t)ledger_below(9);
		if (ledger_below(8) != 0)
			make_batch(day_text(on, text));
		report = record_look_at_changes(day_text(on, text));
		narrow += report.procurements < all;
		changed += report.opened + report.updated + report.closed;
		expect_equal(text, seed, step);
	}
	cr_expect_gt(narrow, 2, "nearly always everything was looked at");
	cr_expect_gt(changed, STEPS, "hardly anything changed");
}

TestSuite(record_incremental, .init = district_rig_set_up, .fini = district_rig_tear_down,
	.timeout = 280);

Test(record_incremental, a_random_autumn_gives_the_findings_of_a_full_look)
{
	run_history(ledger_history(1), "2026-09-01");
}

/* Over the day after which the yearly notices of the year before are late. */
Test(record_incremental, a_random_new_year_does_too)
{
	run_history(ledger_history(1001), "2026-01-05");
}

Test(record_incremental, only_the_touched_procurements_are_judged)
{
	struct record_report report;

	record_look_at_changes("2026-10-20");
	ledger_change(district.db, &changes[0], district_batch(district.db), "2026-10-20");
	report = record_look_at_changes("2026-10-20");
	cr_expect_geq(report.procurements, 1);
	cr_expect_leq(report.procurements, 3);
	district_batch(district.db);
	pg_exec(district.db, "UPDATE payment p SET amount_fen = amount_fen / 2, batch_id = (SELECT "
			     "max(batch_id) FROM batch) WHERE NOT EXISTS (SELECT FROM contract c "
			     "LEFT JOIN obligation o USING (contract_no) WHERE (c.contract_no = "
			     "p.contract_no OR o.obligation_no = p.obligation_no) AND "
			     "contract_may_breach(c, (SELECT max(one_year_ppm) FROM lpr)))");
	cr_expect_eq(record_look_at_changes("2026-10-20").procurements, 0,
		"payments are no such records where no term is asked about");
	district_batch(district.db);
	pg_exec(district.db,
		"UPDATE payment SET batch_id = (SELECT max(batch_id) FROM batch) WHERE "
		"key = (SELECT p.key FROM payment p JOIN contract c USING (contract_no) "
		"WHERE c.agreed_term > 60 AND c.signed_on > '2025-01-01' LIMIT 1)");
	cr_expect_eq(
		record_look_at_changes("2026-10-20").procurements, 1, "of that contract alone");
}

Test(record_incremental, a_parameter_reaches_everything_on_the_day_on_which_it_takes_effect)
{
	int64_t all = record_look("2026-10-20").procurements;

	cr_assert_gt(all, 100);
	pg_exec(district.db,
		"UPDATE rule_parameter SET valid_to = '2026-10-22' WHERE name = 'remind_workdays';"
		"INSERT INTO rule_parameter (jurisdiction, rule_id, name, valid_from, value, unit) "
		"SELECT jurisdiction, rule_id, name, '2026-10-23', value, unit FROM rule_parameter "
		"WHERE name = 'remind_workdays'");
	record_look_at_changes("2026-10-21");
	cr_expect_lt(record_look_at_changes("2026-10-22").procurements, all / 2);
	cr_expect_eq(record_look_at_changes("2026-10-23").procurements, all);
	cr_expect_lt(record_look_at_changes("2026-10-24").procurements, all / 2);
}

/* What a look could not store is judged again. */
Test(record_incremental, a_look_that_failed_leaves_the_mark)
{
	struct record_looked looked;
	int64_t open;

	record_look_at_changes("2026-10-20");
	ledger_change(district.db,
		&(struct ledger_change){ "contract",
			"reserve_form = 'whole', reserved_mark = NULL, unit_code = '008001'",
			NULL },
		district_batch(district.db), "2026-10-20");
	open = pg_int(district.db, "SELECT count(*) FROM finding WHERE state = 'open'");
	pg_exec(district.db, "ALTER TABLE finding_event ADD CONSTRAINT refused CHECK (run_id IS "
			     "NULL) NOT VALID");
	record_look_start(district.link, "2026-10-20", &looked);
	pg_loop_until(district.base, &looked.done, PATIENCE_MS);
	cr_expect_neq(looked.err.code, ERR_NONE);
	cr_expect_eq(pg_int(district.db, "SELECT known_batch FROM record_mark"), 1);
	cr_expect_eq(
		pg_int(district.db, "SELECT count(*) FROM finding WHERE state = 'open'"), open);
	pg_exec(district.db, "ALTER TABLE finding_event DROP CONSTRAINT refused");
	cr_expect_geq(record_look_at_changes("2026-10-20").opened, 1);
	cr_expect_eq(pg_int(district.db, "SELECT known_batch FROM record_mark"), 2);
}

/* Another look moves the mark while this one judges: the mark is its, and what this one found is not stored. */
Test(record_incremental, a_look_that_was_overtaken_leaves_the_mark_of_the_other)
{
	struct record_looked first, second;
	struct sql_link *other = district_rig_link("other");

	record_look_start(district.link, "2026-10-20", &first);
	record_look_start(other, "2026-10-20", &second);
	pg_loop_until(district.base, &first.done, PATIENCE_MS);
	pg_loop_until(district.base, &second.done, PATIENCE_MS);
	cr_assert_eq(first.err.code, ERR_NONE, "%s", first.err.text);
	cr_assert_eq(second.err.code, ERR_NONE, "%s", second.err.text);
	cr_expect_neq(first.report.overtaken, second.report.overtaken);
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM record_mark"), 1);
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM check_run"), 1);
	sql_link_free(other);
}
