/* Where the year stands and what can still be done. */
#include "checks/outlook.h"

#include "checks/lead_time.h"

#include "lib/days.h"
#include "lib/small_quota.h"

#include <criterion/criterion.h>
#include <string.h>

static struct law_csv *csv;
static struct facts *facts;
static struct quota_case judged;

static void set_up(void)
{
	csv = law_csv_read();
	facts = quota_facts();
}

static void tear_down(void)
{
	quota_case_free(&judged);
	facts_free(facts);
	law_csv_free(csv);
}

static void judge(const char *as_of)
{
	quota_case_free(&judged);
	judged = quota_case_judge(&csv->law, facts, as_of);
}

static const struct scope_outlook *of(const char *scope)
{
	return quota_case_outlook(&judged, scope);
}

static void mark(const char *unit, enum year_mark what, const char *on, const char *by)
{
	struct year_mark_fact *row = facts_add_year_mark(facts);

	row->fiscal_year = QUOTA_YEAR;
	row->unit_code = facts_text(facts, unit);
	row->mark = what;
	row->marked_on = day(on);
	row->marked_by = facts_text(facts, by);
}

static void expect_outlook(const char *scope, enum quota_outlook outlook)
{
	cr_expect_eq(of(scope)->outlook, outlook, "%s: %s, not %s", scope,
		quota_outlook_name(of(scope)->outlook), quota_outlook_name(outlook));
}

/* 100: 25 of 100 reserved for small/micro, 60 still open. 200: met. */
static void short_of_fifteen(void)
{
	quota_reserved(facts, "100", "A", 2500, RESERVED_FOR_SMALL_MICRO);
	quota_item(facts, "101", "B", 6000);
	quota_item(facts, "100", "C", 1500)->notice_on = day("2026-02-01");
	quota_reserved(facts, "200", "D", 10000, RESERVED_FOR_SMALL_MICRO);
}

TestSuite(outlook, .init = set_up, .fini = tear_down);

/* A gap that only a taken project could close cannot be closed any more. */
Test(outlook, what_is_announced_or_signed_is_neither_open_nor_capacity)
{
	short_of_fifteen();
	judge("2026-06-30");
	cr_expect_eq(judged.outlook.open.count, 1);
	expect_outlook("100", OUTLOOK_GAP_FIXABLE);
	quota_contract(facts, "101", "B", 6000)->package_no = "";
	facts->budget_items.items[1].package_no = "1";
	judge("2026-06-30");
	cr_expect_eq(judged.outlook.open.count, 0, "a contract without a package");
	expect_outlook("100", OUTLOOK_OUT_OF_REACH);
	facts->contracts.count = 0;
	facts_add_notice(facts)->project_code = "B";
	facts->notices.items[0].unit_code = "101";
	facts->notices.items[0].kind = NOTICE_TENDER;
	facts->notices.items[0].published_on = day("2026-06-30");
	judge("2026-06-30");
	cr_expect_eq(judged.outlook.open.count, 0, "a notice");
	expect_outlook("100", OUTLOOK_OUT_OF_REACH);
	judge("2026-06-29");
	cr_expect_eq(judged.outlook.open.count, 1, "not yet published");
}

Test(outlook, while_a_departments_budget_is_out_nothing_is_said)
{
	quota_item(facts, "100", "A", 10000);
	judge("2026-02-15");
	cr_expect_eq(judged.outlook.phase.phase, PHASE_COLLECTING);
	cr_expect_eq(judged.outlook.phase.expected, 2);
	cr_expect_eq(judged.outlook.phase.waiting, 1);
	expect_outlook("100", OUTLOOK_NONE);
	cr_expect(of("100")->sme.quiet & QUIET_COLLECTING);
	cr_expect_str_eq(quota_outlook_words(PHASE_COLLECTING, OUTLOOK_NONE), "");
}

Test(outlook, a_persons_word_that_a_budget_is_empty_ends_the_waiting)
{
	quota_item(facts, "100", "A", 10000);
	mark("200", MARK_BUDGET_COMPLETE, "2026-02-20", "");
	judge("2026-02-20");
	cr_expect_eq(judged.outlook.phase.phase, PHASE_COLLECTING, "a word without a name");
	mark("200", MARK_BUDGET_COMPLETE, "2026-02-20", "王芳");
	judge("2026-02-19");
	cr_expect_eq(judged.outlook.phase.phase, PHASE_COLLECTING, "not yet said");
	judge("2026-02-20");
	cr_expect_eq(judged.outlook.phase.phase, PHASE_IN_YEAR);
}

Test(outlook, a_department_without_a_budget_last_year_is_not_waited_for)
{
	quota_item(facts, "100", "A", 10000);
	quota_item(facts, "100", "A0", 10000)->fiscal_year = QUOTA_YEAR - 1;
	judge("2026-02-15");
	cr_expect_eq(judged.outlook.phase.expected, 1);
	cr_expect_eq(judged.outlook.phase.phase, PHASE_IN_YEAR);
}

Test(outlook, a_year_is_final_only_when_a_named_person_closed_it_after_its_end)
{
	short_of_fifteen();
	mark("", MARK_CLOSED, "2026-12-30", "王芳");
	judge("2026-12-31");
	cr_expect_eq(judged.outlook.phase.phase, PHASE_IN_YEAR);
	judge("2027-01-01");
	cr_expect_eq(judged.outlook.phase.phase, PHASE_PRELIMINARY, "closed while it ran");
	mark("", MARK_CLOSED, "2027-02-10", "王芳");
	judge("2027-02-09");
	cr_expect_eq(judged.outlook.phase.phase, PHASE_PRELIMINARY);
	judge("2027-02-10");
	cr_expect_eq(judged.outlook.phase.phase, PHASE_FINAL);
	cr_expect_str_eq(judged.outlook.phase.closed_by, "王芳");
}

Test(outlook, not_reached_is_said_in_the_final_phase_and_in_no_other)
{
	for (int phase = PHASE_COLLECTING; phase <= PHASE_FINAL; phase++)
		for (int outlook = OUTLOOK_NONE; outlook <= OUTLOOK_OUT_OF_REACH; outlook++) {
			const char *words = quota_outlook_words(
				(enum quota_phase)phase, (enum quota_outlook)outlook);
			bool said = strcmp(words, "未达到") == 0;

			cr_expect_eq(said, phase == PHASE_FINAL && outlook > OUTLOOK_ON_TARGET);
		}
}

Test(outlook, the_gap_is_compared_with_what_can_still_be_reserved)
{
	short_of_fifteen();
	judge("2026-04-01");
	cr_expect_eq(of("100")->sme.gap, 1500);
	cr_expect_eq(of("100")->sme.needed, 4000);
	cr_expect_eq(of("100")->reservable, 6000, "C is announced");
	cr_expect_eq(of("100")->reservable_items, 1);
	expect_outlook("100", OUTLOOK_GAP_FIXABLE);
	expect_outlook("200", OUTLOOK_ON_TARGET);
}

Test(outlook, an_announced_project_cannot_be_reserved_any_more)
{
	short_of_fifteen();
	facts->budget_items.items[1].notice_on = day("2026-04-02");
	judge("2026-04-01");
	expect_outlook("100", OUTLOOK_GAP_FIXABLE);
	judge("2026-04-02");
	cr_expect_eq(of("100")->reservable, 0);
	expect_outlook("100", OUTLOOK_OUT_OF_REACH);
}

Test(outlook, a_project_with_a_contract_cannot_be_reserved_any_more)
{
	short_of_fifteen();
	quota_contract(facts, "101", "B", 5900)->signed_on = day("2026-04-10");
	judge("2026-04-09");
	cr_expect_eq(of("100")->reservable, 6000);
	judge("2026-04-10");
	cr_expect_eq(of("100")->reservable, 0);
}

Test(outlook, less_than_one_and_a_half_times_the_gap_is_a_risk)
{
	short_of_fifteen();
	facts->budget_items.items[1].budget_fen = 2250; /* base 6250, gap 0: 2500 = 40 % */
	facts->budget_items.items[2].budget_fen = 5250; /* base 10000, gap 1500 */
	judge("2026-04-01");
	cr_expect_eq(of("100")->sme.gap, 1500);
	expect_outlook("100", OUTLOOK_GAP_FIXABLE);
	facts->budget_items.items[1].budget_fen = 2249;
	facts->budget_items.items[2].budget_fen = 5251;
	judge("2026-04-01");
	expect_outlook("100", OUTLOOK_GAP_AT_RISK);
	facts->budget_items.items[1].budget_fen = 1499;
	facts->budget_items.items[2].budget_fen = 6001;
	judge("2026-04-01");
	expect_outlook("100", OUTLOOK_OUT_OF_REACH);
}

/* 31 December less 30 days, 9 working days, 20 days and 10 working days, by hand with the calendar
 * of 2026: 1 Dec; 18 Nov; 29 Oct; 15 Oct. */
Test(outlook, the_last_day_follows_from_the_lead_times_and_the_working_day_calendar)
{
	struct lead_step steps[LEAD_STEPS];
	static const char *const days[LEAD_STEPS] = { "2026-12-01", "2026-11-18", "2026-10-29",
		"2026-10-15" };

	cr_assert_eq(lead_steps(&csv->law, QUOTA_YEAR, steps), DAY_OK);
	for (int i = 0; i < LEAD_STEPS; i++)
		cr_expect_eq(steps[i].from, day(days[i]), "%s", days[i]);
	cr_expect_eq(lead_steps(&csv->law, 2031, steps), 2031, "no such calendar");
	cr_expect_eq(lead_steps(&csv->law, 99999, steps), 99999, "no such year");
	cr_expect_eq(steps[LEAD_STEPS - 1].from, DAY_NONE);
	short_of_fifteen();
	judge("2026-04-01");
	cr_expect_eq(of("100")->sme.last_day, day("2026-10-15"));
}

Test(outlook, twenty_working_days_before_the_last_day_it_is_a_risk_and_after_it_out_of_reach)
{
	int left;

	short_of_fifteen();
	judge("2026-09-10");
	left = of("100")->sme.workdays_left;
	cr_assert_gt(left, 20);
	expect_outlook("100", OUTLOOK_GAP_FIXABLE);
	for (day_t d = day("2026-09-11"); of("100")->sme.workdays_left > 20; d++) {
		char room[DAY_TEXT_MAX];

		judge(day_text(d, room));
	}
	cr_expect_eq(of("100")->sme.workdays_left, 20);
	expect_outlook("100", OUTLOOK_GAP_AT_RISK);
	judge("2026-10-15");
	cr_expect_eq(of("100")->sme.workdays_left, 0);
	expect_outlook("100", OUTLOOK_GAP_AT_RISK);
	judge("2026-10-16");
	expect_outlook("100", OUTLOOK_OUT_OF_REACH);
}

static void lose_the_calendar(void)
{
	day_calendar_free((struct day_calendar *)csv->law.calendar);
	csv->law.calendar = day_calendar_new();
}

/* 31 December less 30, 9, 20 and 10 days: 23 October; twenty days before it: 3 October. */
Test(outlook, without_a_calendar_a_gap_becomes_a_risk_and_out_of_reach_by_what_is_certain)
{
	short_of_fifteen();
	lose_the_calendar();
	judge("2026-10-02");
	cr_expect_eq(judged.outlook.missing_year, QUOTA_YEAR);
	cr_expect_eq(of("100")->sme.last_day, DAY_NONE, "not guessed");
	cr_expect_eq(of("100")->sme.workdays_left, -1);
	cr_expect_eq(of("100")->sme.last_day_at_most, day("2026-10-23"));
	cr_expect_eq(of("100")->sme.workdays_at_most, 21);
	expect_outlook("100", OUTLOOK_GAP_FIXABLE);
	judge("2026-10-03");
	cr_expect_eq(of("100")->sme.workdays_at_most, 20);
	expect_outlook("100", OUTLOOK_GAP_AT_RISK);
	judge("2026-10-23");
	expect_outlook("100", OUTLOOK_GAP_AT_RISK);
	judge("2026-10-24");
	expect_outlook("100", OUTLOOK_OUT_OF_REACH);
}

Test(outlook, in_a_december_without_a_calendar_nothing_can_be_made_good_any_more)
{
	short_of_fifteen();
	lose_the_calendar();
	for (day_t d = day("2026-12-01"); d <= day("2026-12-31"); d++) {
		char room[DAY_TEXT_MAX];

		judge(day_text(d, room));
		expect_outlook("100", OUTLOOK_OUT_OF_REACH);
		expect_outlook("200", OUTLOOK_ON_TARGET);
	}
}

Test(outlook, a_planned_month_bounds_the_last_day_without_a_calendar_too)
{
	short_of_fifteen();
	lose_the_calendar();
	facts->budget_items.items[1].planned_on = day("2026-06-01");
	judge("2026-05-10");
	cr_expect_eq(of("100")->sme.last_day, DAY_NONE);
	cr_expect_eq(of("100")->sme.last_day_at_most, day("2026-05-31"));
	expect_outlook("100", OUTLOOK_GAP_FIXABLE);
	judge("2026-05-11");
	expect_outlook("100", OUTLOOK_GAP_AT_RISK);
}

Test(outlook, the_day_of_the_bound_is_never_before_the_last_day_of_a_calendar)
{
	int known = 0;

	for (int year = 2021; year <= QUOTA_YEAR; year++) {
		struct law without = csv->law;
		struct lead_step exact[LEAD_STEPS], bound[LEAD_STEPS];
		struct day_calendar *empty = day_calendar_new();

		without.calendar = empty;
		if (lead_steps(&csv->law, year, exact) == DAY_OK) {
			known++;
			cr_expect_eq(lead_steps(&without, year, bound), year);
			for (int i = 0; i < LEAD_STEPS; i++)
				cr_expect_geq(bound[i].from, exact[i].from, "%d", year);
		}
		day_calendar_free(empty);
	}
	cr_expect_gt(known, 0);
	short_of_fifteen();
	judge("2026-04-01");
	cr_expect_eq(of("100")->sme.last_day_at_most, of("100")->sme.last_day);
	cr_expect_eq(of("100")->sme.workdays_at_most, of("100")->sme.workdays_left);
}

Test(outlook, what_is_planned_to_be_announced_brings_the_last_day_forward)
{
	short_of_fifteen();
	facts->budget_items.items[1].planned_on = day("2026-06-01");
	judge("2026-04-01");
	cr_expect_eq(of("100")->sme.last_day, day("2026-05-31"));
	judge("2026-06-20");
	cr_expect_eq(of("100")->reservable, 6000, "planned and late is not announced");
	cr_expect_eq(of("100")->sme.last_day, day("2026-10-15"));
}

Test(outlook, q8_a_department_is_judged_after_exemptions_and_the_district_is_not)
{
	struct budget_item_fact *exempt;

	quota_reserved(facts, "100", "A", 4000, RESERVED_FOR_SMALL_MICRO);
	exempt = quota_item(facts, "100", "B", 2000);
	exempt->exemption_code = "3";
	exempt->exemption_reason = exempt->exemption_approver = "x";
	exempt->exemption_on = day("2026-02-01");
	quota_item(facts, "100", "C", 6000);
	quota_item(facts, "200", "D", 0);
	judge("2026-04-01");
	cr_expect_eq(of("100")->sme.gap, 0);
	expect_outlook("100", OUTLOOK_ON_TARGET);
	cr_expect_eq(of("")->sme.gap, 800);
	cr_expect_eq(of("")->reservable, 6000, "what is exempt is not suitable");
	expect_outlook("", OUTLOOK_GAP_FIXABLE);
	cr_expect_eq(of("")->sme.quiet, QUIET_EXEMPTIONS,
		"met after exemptions: in the figures, told to nobody");
	facts->budget_items.items[2].budget_fen = 6010;
	judge("2026-04-01");
	cr_expect_eq(of("")->sme.quiet, 0, "short after exemptions is told");
	cr_expect_eq(of("100")->sme.quiet, 0);
}

Test(outlook, q8_exemptions_of_everything_leave_the_districts_gap_told)
{
	struct budget_item_fact *exempt = quota_item(facts, "100", "A", 2000);

	exempt->exemption_code = "3";
	exempt->exemption_reason = exempt->exemption_approver = "x";
	exempt->exemption_on = day("2026-02-01");
	quota_item(facts, "200", "D", 0);
	judge("2026-04-01");
	cr_expect_eq(of("")->sme.gap, 800);
	cr_expect_eq(of("")->sme.quiet, 0, "nothing is left that could be met");
}

Test(outlook, small_and_micro_are_reached_by_naming_what_is_reserved)
{
	quota_reserved(facts, "100", "A", 5000, RESERVED_FOR_SME);
	quota_item(facts, "100", "B", 5000)->notice_on = day("2026-02-01");
	quota_reserved(facts, "200", "D", 10000, RESERVED_FOR_SMALL_MICRO);
	judge("2026-04-01");
	cr_expect_eq(of("100")->small_micro.gap, 3500);
	cr_expect_eq(of("100")->nameable, 5000);
	cr_expect(of("100")->small_micro.quiet & QUIET_BAND_MEETS, "small ones may still win it");
	facts->budget_items.items[0].notice_on = day("2026-04-01");
	judge("2026-04-01");
	cr_expect_eq(of("100")->nameable, 0);
	cr_expect_eq(of("100")->small_micro.outlook, OUTLOOK_OUT_OF_REACH);
	cr_expect_eq(of("100")->sme.outlook, OUTLOOK_ON_TARGET);
	expect_outlook("100", OUTLOOK_OUT_OF_REACH);
}

Test(outlook, reserving_more_for_small_and_micro_counts_for_thirty_percent)
{
	quota_reserved(facts, "100", "A", 5000, RESERVED_FOR_SME)->notice_on = day("2026-02-01");
	quota_item(facts, "100", "B", 11666);
	quota_reserved(facts, "200", "D", 10000, RESERVED_FOR_SMALL_MICRO);
	judge("2026-04-01");
	cr_expect_eq(of("100")->small_micro.capacity, 3499); /* gap 3500 */
	cr_expect_eq(of("100")->small_micro.outlook, OUTLOOK_OUT_OF_REACH);
	facts->budget_items.items[1].budget_fen = 11667;
	judge("2026-04-01");
	cr_expect_eq(of("100")->small_micro.capacity, 3500);
	cr_expect_eq(of("100")->small_micro.outlook, OUTLOOK_GAP_AT_RISK);
}

Test(outlook, a_gap_that_two_decimals_do_not_show_is_not_told)
{
	quota_reserved(facts, "100", "A", 3999500, RESERVED_FOR_SMALL_MICRO);
	quota_item(facts, "100", "B", 6000500);
	quota_item(facts, "200", "C", 100000);
	judge("2026-04-01");
	cr_expect_eq(of("100")->sme.gap, 500);
	cr_expect(of("100")->sme.quiet & QUIET_ROUNDS_AWAY, "39.995 is 40.00");
	facts->budget_items.items[0].budget_fen = 3999499;
	facts->budget_items.items[1].budget_fen = 6000501;
	judge("2026-04-01");
	cr_expect_not(of("100")->sme.quiet & QUIET_ROUNDS_AWAY, "39.99499 is 39.99");
}

Test(outlook, a_missing_share_that_could_close_the_gap_keeps_it_quiet)
{
	short_of_fifteen();
	facts->budget_items.items[1].reserve_form = RESERVE_SUBCONTRACT;
	judge("2026-04-01");
	cr_expect_eq(of("100")->sme.gap, 1500);
	cr_expect_eq(of("100")->sme.upper, 8500);
	cr_expect_eq(of("100")->sme.quiet, QUIET_BAND_MEETS);
	cr_assert_eq(judged.outlook.bands.question_count, 1);
	cr_expect_eq(judged.outlook.bands.questions[0].kind, ASK_PLAN_SHARE);
	cr_expect_eq(judged.outlook.bands.questions[0].sme, 6000);
}

Test(outlook, budget_rows_that_cannot_be_counted_make_the_data_insufficient)
{
	short_of_fifteen();
	quota_item(facts, "100", "E", 1111)->approved_on = DAY_NONE;
	judge("2026-04-01");
	cr_expect_eq(of("100")->coverage_ppm, 900009);
	cr_expect_eq(of("100")->sme.quiet, 0);
	facts->budget_items.items[4].budget_fen = 1112;
	judge("2026-04-01");
	cr_expect_eq(of("100")->coverage_ppm, 899928);
	cr_expect_eq(of("100")->sme.quiet, QUIET_LOW_COVERAGE);
}

Test(outlook, a_base_under_the_configured_minimum_is_not_told)
{
	struct err err = ERR_INIT;

	short_of_fifteen();
	judge("2026-04-01");
	cr_expect_eq(of("100")->sme.quiet, 0);
	csv->parameters.of[PARAM_O2_MINIMUM_BASE].count = 0;
	cr_assert_eq(parameters_take(&csv->parameters, "O-2", "minimum_base_fen", DAY_NONE,
			     DAY_NONE, "10000", &err),
		0, "%s", err.text);
	judge("2026-04-01");
	cr_expect_eq(of("100")->sme.quiet, 0, "the minimum itself is enough");
	csv->parameters.of[PARAM_O2_MINIMUM_BASE].periods[0].value = 10001;
	judge("2026-04-01");
	cr_expect_eq(of("100")->sme.quiet, QUIET_SMALL_BASE);
}

Test(outlook, after_the_year_a_gap_is_out_of_reach)
{
	short_of_fifteen();
	judge("2027-01-05");
	expect_outlook("100", OUTLOOK_OUT_OF_REACH);
	expect_outlook("200", OUTLOOK_ON_TARGET);
}

Test(outlook, the_open_list_is_by_department_then_planned_month)
{
	quota_item(facts, "200", "Z", 10);
	quota_item(facts, "100", "A", 10);
	quota_item(facts, "100", "B", 20)->planned_on = day("2026-09-01");
	quota_item(facts, "101", "C", 30)->planned_on = day("2026-05-01");
	quota_reserved(facts, "100", "D", 99, RESERVED_FOR_SME);
	judge("2026-04-01");
	const struct open_items *open = &judged.outlook.open;
	static const uint32_t order[] = { 3, 2, 1, 4, 0 };
	cr_assert_eq(open->count, 5);
	for (size_t i = 0; i < open->count; i++)
		cr_expect_eq(open->items[i].row, order[i], "%zu", i);
	cr_expect(open->items[3].nameable);
}
