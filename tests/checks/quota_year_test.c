/* The simulated year of lib/quota_year.h: the messages that a department gets are exactly these. */
#include "checks/quota_tell.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

#include "core/mem.h"
#include "lib/days.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "lib/quota_year.h"
#include "lib/small_quota.h"
#include "sql/embed.h"
#include "sql/link.h"

/* Day by day over facts ------------------------------------------------------------------------- */

static struct budget_item_fact *find_item(struct facts *facts, const char *project)
{
	for (size_t i = 0; i < facts->budget_items.count; i++)
		if (strcmp(facts->budget_items.items[i].project_code, project) == 0)
			return &facts->budget_items.items[i];
	cr_assert_fail("no project %s", project);
	return NULL;
}

static void apply(struct facts *facts, const struct year_change *change)
{
	struct budget_item_fact *item =
		change->kind == ARRIVES ? quota_item(facts, change->unit, change->project,
						  (fen_t)change->wan * YEAR_WAN)
		: change->kind == ARRIVES_RESERVED
			? quota_reserved(facts, change->unit, change->project,
				  (fen_t)change->wan * YEAR_WAN, RESERVED_FOR_SMALL_MICRO)
		: change->kind == CLOSED ? NULL
					 : find_item(facts, change->project);

	if (change->kind == CLOSED) {
		struct year_mark_fact *mark = facts_add_year_mark(facts);
		mark->fiscal_year = QUOTA_YEAR;
		mark->unit_code = "";
		mark->mark = MARK_CLOSED;
		mark->marked_on = day(change->day);
		mark->marked_by = "王芳";
	} else if (change->kind == ANNOUNCED) {
		item->notice_on = day(change->day);
	} else if (change->kind == EXEMPT || change->kind == NOT_EXEMPT) {
		item->exemption_code = change->kind == EXEMPT ? "2" : "";
		item->exemption_reason = "只能由大型企业供应";
		item->exemption_approver = "王芳";
		item->exemption_on = day(change->day);
	} else {
		item->approved_on = day(change->day);
	}
}

static const char *event_name(enum quota_event event)
{
	static const char *const names[] = { "", "opened", "updated", "reopened", "closed" };

	return names[event];
}

static void expect_message(
	size_t at, const char *on, const char *event, const char *grade, fen_t gap)
{
	const struct year_message *want;

	cr_assert_lt(at, YEAR_MESSAGES, "a message too many on %s: %s %s", on, event, grade);
	want = &year_messages[at];
	cr_assert_str_eq(
		on, want->day, "on %s: %s; not on %s: %s", on, event, want->day, want->why);
	cr_expect_str_eq(event, want->event, "%s: %s", on, want->why);
	cr_expect_str_eq(grade, want->grade, "%s: %s, not %s", on, grade, want->why);
	cr_expect_eq(
		gap, (fen_t)want->gap_wan * YEAR_WAN, "%s: %" PRId64 ", %s", on, gap, want->why);
}

/* One evaluation of one scope; true when something was told. */
static bool look(const struct law *law, const struct facts *facts, const char *scope,
	const char *on, struct quota_told *told, struct quota_decision *ret)
{
	struct quota_case judged = quota_case_judge(law, facts, on);
	const struct scope_outlook *outlook = quota_case_outlook(&judged, scope);
	struct quota_tell_limits limits = quota_tell_limits_of(law, QUOTA_YEAR);
	struct quota_tell_facts now = { judged.outlook.phase.phase, judged.outlook.as_of,
		&outlook->sme, &outlook->small_micro };

	*ret = quota_tell_decide(&limits, &now, told);
	*told = ret->told;
	quota_case_free(&judged);
	return ret->event != QUOTA_SILENT;
}

Test(quota_year, a_department_hears_exactly_what_the_contract_says_day_by_day, .timeout = 120)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = quota_facts();
	struct quota_told told[3] = { { 0 } };
	static const char *const scopes[3] = { "100", "200", "" };
	size_t next = 0, heard = 0;

	for (day_t on = day("2026-01-01"); on <= day(year_last_day); on++) {
		char text[DAY_TEXT_MAX];
		struct quota_decision decision;

		day_text(on, text);
		while (next < YEAR_CHANGES && strcmp(year_changes[next].day, text) == 0)
			apply(facts, &year_changes[next++]);
		if (look(&csv->law, facts, scopes[0], text, &told[0], &decision))
			expect_message(heard++, text, event_name(decision.event),
				quota_grade_name(decision.grade), decision.told.sme_gap);
		cr_assert_not(look(&csv->law, facts, scopes[0], text, &told[0], &decision),
			"again on %s", text);
		for (int i = 1; i < 3; i++)
			cr_assert_not(look(&csv->law, facts, scopes[i], text, &told[i], &decision),
				"scope \"%s\" on %s", scopes[i], text);
	}
	cr_expect_eq(heard, YEAR_MESSAGES);
	facts_free(facts);
	law_csv_free(csv);
}

/* 4000 of 12000 are reserved, 2000 are exempt: 40 % of the rest. */
static size_t messages_to_the_district(const struct law *law, bool exempt)
{
	struct facts *facts = quota_facts();
	struct quota_told told = { 0 };
	struct budget_item_fact *item;
	struct year_mark_fact *mark;
	size_t count = 0;

	quota_reserved(facts, "100", "A", 4000, RESERVED_FOR_SMALL_MICRO);
	item = quota_item(facts, "100", "B", 2000);
	item->exemption_code = exempt ? "2" : "";
	item->exemption_reason = "只能由大型企业供应";
	item->exemption_approver = "王芳";
	item->exemption_on = day("2026-01-20");
	quota_item(facts, "200", "C", 6000);
	mark = facts_add_year_mark(facts);
	*mark = (struct year_mark_fact){ .fiscal_year = QUOTA_YEAR,
		.unit_code = "",
		.mark = MARK_CLOSED,
		.marked_on = day("2027-02-08"),
		.marked_by = "王芳" };
	for (day_t on = day("2026-01-20"); on <= day("2027-03-01"); on++) {
		char text[DAY_TEXT_MAX];
		struct quota_decision decision;

		count += look(law, facts, "", day_text(on, text), &told, &decision);
	}
	facts_free(facts);
	return count;
}

Test(quota_year, q8_the_district_hears_nothing_all_year_of_a_gap_that_exemptions_explain)
{
	struct law_csv *csv = law_csv_read();

	cr_expect_eq(messages_to_the_district(&csv->law, true), 0);
	cr_expect_gt(messages_to_the_district(&csv->law, false), 12, "every month, and at the end");
	law_csv_free(csv);
}

/* The same year in the ledger ------------------------------------------------------------------- */

static void reopen_link(void)
{
	sql_link_free(district.link);
	district.link = district_rig_link("test");
}

static void set_up(void)
{
	district_rig_empty();
	district_batch(district.db);
	district_rig_hook();
	year_add_units(district.db);
}

static void expect_told_of_100(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		_cleanup_free_ char *sql = mem_format(
			"SELECT concat_ws(' ', payload->>'as_of', event, CASE WHEN "
			"payload->'quota'->>'phase' = 'final' THEN 'final' ELSE severity END, "
			"payload->'quota'->'rows'->0->>'gap_fen') FROM message WHERE case_key = "
			"'quota/2026/100' ORDER BY message_id OFFSET %zu LIMIT 1",
			i);
		_cleanup_free_ char *want = mem_format("%s %s %s %" PRId64, year_messages[i].day,
			year_messages[i].event, year_messages[i].grade,
			(int64_t)year_messages[i].gap_wan * YEAR_WAN);

		cr_expect_str_eq(pg_text(district.db, sql), want, "%s", year_messages[i].why);
	}
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM message"), (int64_t)count,
		"nobody else was told anything");
}

Test(quota_year, the_ledger_tells_the_same_and_runs_again_or_after_a_restart_add_nothing,
	.init = set_up, .fini = district_rig_tear_down, .timeout = 400)
{
	size_t next = 0, told = 0;
	int64_t published_batch = -1;
	day_t published_on = DAY_NONE;
	char published_day[DAY_TEXT_MAX];
	_cleanup_free_ char *published = NULL, *again = NULL;

	for (day_t on = day("2026-01-15"); on <= day(year_last_day); on++) {
		char text[DAY_TEXT_MAX];
		bool due;

		if (!year_worth_a_run(on))
			continue;
		day_text(on, text);
		for (; next < YEAR_CHANGES && strcmp(year_changes[next].day, text) == 0; next++) {
			_cleanup_free_ char *sql =
				year_statement(&year_changes[next], district_batch(district.db));
			pg_exec(district.db, sql);
		}
		if (!published && on >= day("2026-05-01")) {
			published_batch = pg_int(district.db, "SELECT max(batch_id) FROM batch");
			published = evaluate_snapshot(
				district.base, district.link, text, NULL, published_batch);
			published_on = on;
		}
		due = told < YEAR_MESSAGES && strcmp(year_messages[told].day, text) == 0;
		cr_assert_eq(evaluate(district.base, district.link, text).messages_queued,
			due ? 1 : 0, "%s", text);
		told += due;
		if (due)
			reopen_link();
		cr_assert_eq(evaluate(district.base, district.link, text).messages_queued, 0,
			"again on %s", text);
	}
	/* What was published in May is found again, byte for byte, after all that the year brought. */
	again = evaluate_snapshot(district.base, district.link,
		day_text(published_on, published_day), NULL, published_batch);
	cr_expect_str_eq(again, published);
	cr_expect_gt(pg_int(district.db, "SELECT max(batch_id) FROM batch"), published_batch);
	expect_told_of_100(YEAR_MESSAGES);
	cr_expect_eq(pg_int(district.db,
			     "SELECT count(*) FROM message WHERE payload::text LIKE '%未达到%'"),
		1, "said once, of the final figures");
	cr_expect_str_eq(pg_text(district.db,
				 "SELECT payload->>'label' FROM message ORDER BY message_id DESC "
				 "LIMIT 1"),
		"未达到，请作说明");
	cr_expect_eq(
		pg_int(district.db, "SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT FROM "
				    "message_finding f WHERE f.message_id = m.message_id)"),
		0, "each names the findings that it is about");
}

static const char *last_of_100(const char *what)
{
	_cleanup_free_ char *sql = mem_format("SELECT %s FROM message WHERE case_key = "
					      "'quota/2026/100' ORDER BY message_id DESC LIMIT 1",
		what);

	return pg_text(district.db, sql);
}

Test(quota_year, without_a_calendar_the_gap_is_told_as_urgent_by_the_day_that_is_certain,
	.init = set_up, .fini = district_rig_tear_down)
{
	pg_exec(district.db, "DELETE FROM calendar_day WHERE day >= '2026-01-01'");
	for (size_t i = 0; strcmp(year_changes[i].day, "2026-02-10") <= 0; i++) {
		_cleanup_free_ char *sql =
			year_statement(&year_changes[i], district_batch(district.db));

		pg_exec(district.db, sql);
	}
	evaluate(district.base, district.link, "2026-10-02");
	cr_expect_str_eq(last_of_100("event || ' ' || severity"), "opened notice");
	reopen_link();
	evaluate(district.base, district.link, "2026-10-03");
	cr_expect_str_eq(last_of_100("event || ' ' || severity"), "updated urgent");
	cr_expect_str_eq(last_of_100("payload->'quota'->'rows'->0->>'last_day'"), "");
	cr_expect_str_eq(
		last_of_100("payload->'quota'->'rows'->0->>'last_day_at_most'"), "2026-10-23");
}

static bool past_wanted(int64_t known, int64_t after)
{
	_cleanup_free_ char *sql =
		after < 0 ? mem_format("EXECUTE wanted(2026, %" PRId64 ", NULL)", known)
			  : mem_format(
				    "EXECUTE wanted(2026, %" PRId64 ", %" PRId64 ")", known, after);

	return strcmp(pg_text(district.db, sql), "t") == 0;
}

Test(quota_year, a_year_that_is_over_is_looked_at_when_something_of_it_came_or_the_day_did,
	.init = set_up, .fini = district_rig_tear_down)
{
	_cleanup_free_ char *prepare = mem_format(
		"PREPARE wanted(integer, bigint, bigint) AS %s", sql_text_quota_past_wanted);
	_cleanup_free_ char *closed = NULL, *next_year = NULL, *same_year = NULL;
	int64_t first = district_batch(district.db), batch;

	pg_exec(district.db, prepare);
	cr_expect_not(past_wanted(first, -1), "nothing was told and nobody closed it");
	batch = district_batch(district.db);
	closed = mem_format("INSERT INTO year_mark VALUES (md5('m')::uuid, md5('m')::uuid, %" PRId64
			    ", 1, NULL, 2026, '', 'closed', '2027-02-10', '王芳', '')",
		batch);
	pg_exec(district.db, closed);
	cr_expect(past_wanted(batch, -1), "a new day");
	cr_expect(past_wanted(batch, first), "the mark came");
	cr_expect_not(past_wanted(batch, batch));
	first = batch;
	batch = district_batch(district.db);
	next_year = year_statement(
		&(struct year_change){ "2027-03-01", ARRIVES, "100", "N", 10 }, batch);
	pg_exec(district.db, next_year);
	pg_exec(district.db, "UPDATE budget_item SET fiscal_year = 2027 WHERE project_code = 'N'");
	cr_expect_not(past_wanted(batch, first), "a row of another year");
	first = batch;
	batch = district_batch(district.db);
	same_year = year_statement(
		&(struct year_change){ "2026-12-01", ARRIVES, "100", "O", 10 }, batch);
	pg_exec(district.db, same_year);
	cr_expect(past_wanted(batch, first), "a row of the year");
}

/* What department 100 can still reserve, after a run over what changed. */
static int64_t reservable(void)
{
	evaluate_changes(district.base, district.link, "2026-06-30");
	return pg_int(district.db, "SELECT (body #>> '{forecast,reservable_fen}')::bigint FROM "
				   "quota_figure WHERE fiscal_year = 2026 AND scope = '100'");
}

/* A run reads only the rows of its year, and only of units that a batch touched. */
Test(quota_year, a_run_knows_contracts_of_last_december_and_notices_that_take_its_projects,
	.init = set_up, .fini = district_rig_tear_down)
{
	static const struct year_change arrives = { "2025-12-01", ARRIVES, "100", "P", 100 };
	_cleanup_free_ char *item = year_statement(&arrives, district_batch(district.db)),
			    *contract = NULL, *gone = NULL, *notice = NULL;

	pg_exec(district.db, item);
	cr_expect_eq(reservable(), (int64_t)100 * YEAR_WAN);
	contract = mem_format(
		"INSERT INTO contract (key, print, batch_id, place, contract_no, project_code, "
		"package_no, unit_code, supplier_uscc, signed_on, amount_fen, currency, "
		"reserve_form, declared_size, term_unit, clock_basis, status, supplier_name, "
		"buyer_name) VALUES (md5('c')::uuid, md5('c')::uuid, %" PRId64 ", 1, 'C', 'P', '', "
		"'100', '', '2025-12-20', 1000, 'CNY', '', '', '', '', 'active', '', '')",
		district_batch(district.db));
	pg_exec(district.db, contract);
	cr_expect_eq(reservable(), 0, "signed in December");
	gone = mem_format("WITH gone AS (DELETE FROM contract RETURNING *) INSERT INTO "
			  "contract_history SELECT g.*, %" PRId64 " FROM gone g",
		district_batch(district.db));
	pg_exec(district.db, gone);
	cr_expect_eq(reservable(), (int64_t)100 * YEAR_WAN);
	notice = mem_format(
		"INSERT INTO notice (key, print, batch_id, place, notice_id, unit_code, "
		"project_code, package_no, kind, title, published_on, currency, reserve_form, "
		"reserved_for, end_reason, corrects, buyer_name) VALUES (md5('n')::uuid, "
		"md5('n')::uuid, %" PRId64 ", 1, 'N', '', 'P', '', '公开招标公告', '', "
		"'2026-03-01', 'CNY', '', '', '', '', '')",
		district_batch(district.db));
	pg_exec(district.db, notice);
	cr_expect_eq(reservable(), 0, "announced");
}
