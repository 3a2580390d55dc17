/* What is told of a gap: the alerting contract, case by case. */
#include "checks/quota_tell.h"

#include <criterion/criterion.h>
#include <string.h>

#include "lib/days.h"
#include "lib/facts_csv.h"

static const struct quota_tell_limits limits = { 1500000, 20, 100000, 1 };

/* A gap in the SME target; capacity and days say how grave. */
struct situation {
	enum quota_phase phase;
	const char *as_of;
	fen_t gap, capacity;
	int workdays_left;
	enum quota_outlook outlook;
	unsigned quiet;
};

static struct quota_decision decide(const struct situation *s, const struct quota_told *last)
{
	struct outlook_target sme = { .base = 100000,
		.gap = s->gap,
		.capacity = s->capacity,
		.workdays_left = s->workdays_left,
		.workdays_at_most = s->workdays_left,
		.outlook = s->outlook,
		.quiet = s->quiet };
	struct outlook_target small_micro = {
		.base = 50000, .workdays_left = -1, .workdays_at_most = -1
	};
	struct quota_tell_facts now = { s->phase, day(s->as_of), &sme, &small_micro };

	return quota_tell_decide(&limits, &now, last);
}

static const struct quota_told nothing;
/* 1000 fen short, told on 10 March. */
static struct quota_told told(enum quota_grade grade, bool open)
{
	return (struct quota_told){ true, open, day("2026-03-10"), grade, open ? 1000 : 0, 0 };
}

#define EASY 5000, 100, OUTLOOK_GAP_FIXABLE

struct row {
	const char *what;
	bool ever, open;
	enum quota_grade told_as;
	struct situation now;
	enum quota_event event;
	enum quota_grade grade; /* when told */
};
/* clang-format off: one case, one block */
static const struct row rows[] = {
	{ "the first gap", false, false, 0, { PHASE_IN_YEAR, "2026-02-01", 1000, EASY, 0 },
		QUOTA_OPENED, QUOTA_NOTICE },
	{ "one fen under 1.5 times the gap is a warning", false, false, 0,
		{ PHASE_IN_YEAR, "2026-02-01", 1000, 1499, 100, OUTLOOK_GAP_AT_RISK, 0 },
		QUOTA_OPENED, QUOTA_WARNING },
	{ "1.5 times the gap is none", false, false, 0,
		{ PHASE_IN_YEAR, "2026-02-01", 1000, 1500, 100, OUTLOOK_GAP_FIXABLE, 0 },
		QUOTA_OPENED, QUOTA_NOTICE },
	{ "20 working days are urgent", false, false, 0,
		{ PHASE_IN_YEAR, "2026-02-01", 1000, 5000, 20, OUTLOOK_GAP_AT_RISK, 0 },
		QUOTA_OPENED, QUOTA_URGENT },
	{ "21 are not", false, false, 0,
		{ PHASE_IN_YEAR, "2026-02-01", 1000, 5000, 21, OUTLOOK_GAP_FIXABLE, 0 },
		QUOTA_OPENED, QUOTA_NOTICE },
	{ "out of reach is urgent", false, false, 0,
		{ PHASE_IN_YEAR, "2026-02-01", 1000, 900, -1, OUTLOOK_OUT_OF_REACH, 0 },
		QUOTA_OPENED, QUOTA_URGENT },
	{ "an unknown last day alone is not urgent", false, false, 0,
		{ PHASE_IN_YEAR, "2026-02-01", 1000, 5000, -1, OUTLOOK_GAP_FIXABLE, 0 },
		QUOTA_OPENED, QUOTA_NOTICE },

	{ "collecting", false, false, 0,
		{ PHASE_COLLECTING, "2026-02-01", 1000, EASY, QUIET_COLLECTING }, QUOTA_SILENT, 0 },
	{ "the share is the floor at two decimals", false, false, 0,
		{ PHASE_IN_YEAR, "2026-02-01", 1, EASY, QUIET_ROUNDS_AWAY }, QUOTA_SILENT, 0 },
	{ "the upper value meets the floor", false, false, 0,
		{ PHASE_IN_YEAR, "2026-02-01", 1000, EASY, QUIET_BAND_MEETS }, QUOTA_SILENT, 0 },
	{ "a small base", false, false, 0,
		{ PHASE_IN_YEAR, "2026-02-01", 1000, EASY, QUIET_SMALL_BASE }, QUOTA_SILENT, 0 },
	{ "too little data", false, false, 0,
		{ PHASE_IN_YEAR, "2026-02-01", 1000, EASY, QUIET_LOW_COVERAGE }, QUOTA_SILENT, 0 },
	{ "met", false, false, 0, { PHASE_IN_YEAR, "2026-02-01", 0, EASY, 0 }, QUOTA_SILENT, 0 },

	{ "the same day again", true, true, QUOTA_NOTICE,
		{ PHASE_IN_YEAR, "2026-03-10", 1000, EASY, 0 }, QUOTA_SILENT, 0 },
	{ "an earlier day", true, true, QUOTA_NOTICE,
		{ PHASE_IN_YEAR, "2026-03-09", 9000, EASY, 0 }, QUOTA_SILENT, 0 },
	{ "a day less than a month later", true, true, QUOTA_NOTICE,
		{ PHASE_IN_YEAR, "2026-04-09", 1000, EASY, 0 }, QUOTA_SILENT, 0 },
	{ "a month later", true, true, QUOTA_NOTICE, { PHASE_IN_YEAR, "2026-04-10", 1000, EASY, 0 },
		QUOTA_UPDATED, QUOTA_NOTICE },
	{ "grown by less than a tenth", true, true, QUOTA_NOTICE,
		{ PHASE_IN_YEAR, "2026-03-20", 1099, EASY, 0 }, QUOTA_SILENT, 0 },
	{ "grown by a tenth", true, true, QUOTA_NOTICE,
		{ PHASE_IN_YEAR, "2026-03-20", 1100, EASY, 0 }, QUOTA_UPDATED, QUOTA_NOTICE },
	{ "shrunk", true, true, QUOTA_NOTICE, { PHASE_IN_YEAR, "2026-03-20", 10, EASY, 0 },
		QUOTA_SILENT, 0 },
	{ "graver", true, true, QUOTA_NOTICE,
		{ PHASE_IN_YEAR, "2026-03-20", 1000, 1400, 100, OUTLOOK_GAP_AT_RISK, 0 },
		QUOTA_UPDATED, QUOTA_WARNING },
	{ "as grave as before", true, true, QUOTA_WARNING,
		{ PHASE_IN_YEAR, "2026-03-20", 1000, 1300, 100, OUTLOOK_GAP_AT_RISK, 0 },
		QUOTA_SILENT, 0 },
	{ "lighter", true, true, QUOTA_URGENT, { PHASE_IN_YEAR, "2026-03-20", 1000, EASY, 0 },
		QUOTA_SILENT, 0 },
	{ "made good", true, true, QUOTA_WARNING, { PHASE_IN_YEAR, "2026-03-11", 0, EASY, 0 },
		QUOTA_CLOSED, QUOTA_NOTICE },
	{ "not made good, but not known any more", true, true, QUOTA_WARNING,
		{ PHASE_IN_YEAR, "2026-05-11", 1000, EASY, QUIET_BAND_MEETS }, QUOTA_SILENT, 0 },
	{ "a budget is waited for again", true, true, QUOTA_WARNING,
		{ PHASE_COLLECTING, "2026-05-11", 0, EASY, 0 }, QUOTA_SILENT, 0 },
	{ "still met", true, false, QUOTA_NOTICE, { PHASE_IN_YEAR, "2026-05-11", 0, EASY, 0 },
		QUOTA_SILENT, 0 },
	{ "short again", true, false, QUOTA_NOTICE, { PHASE_IN_YEAR, "2026-03-11", 5, EASY, 0 },
		QUOTA_REOPENED, QUOTA_NOTICE },

	{ "over, and nobody was told", false, false, 0,
		{ PHASE_PRELIMINARY, "2027-01-05", 1000, 0, -1, OUTLOOK_OUT_OF_REACH, 0 },
		QUOTA_SILENT, 0 },
	{ "over, and short for the first time after it was met", true, false, QUOTA_NOTICE,
		{ PHASE_PRELIMINARY, "2027-01-05", 1000, 0, -1, OUTLOOK_OUT_OF_REACH, 0 },
		QUOTA_SILENT, 0 },
	{ "over, a month after it was told", true, true, QUOTA_URGENT,
		{ PHASE_PRELIMINARY, "2027-01-05", 1000, 0, -1, OUTLOOK_OUT_OF_REACH, 0 },
		QUOTA_UPDATED, QUOTA_URGENT },
	{ "final, never told", false, false, 0,
		{ PHASE_FINAL, "2027-02-10", 1000, 0, -1, OUTLOOK_OUT_OF_REACH, 0 }, QUOTA_OPENED,
		QUOTA_FINAL },
	{ "final, the day after a reminder", true, true, QUOTA_URGENT,
		{ PHASE_FINAL, "2026-03-11", 1000, 0, -1, OUTLOOK_OUT_OF_REACH, 0 }, QUOTA_UPDATED,
		QUOTA_FINAL },
	{ "final and told", true, true, QUOTA_FINAL,
		{ PHASE_FINAL, "2028-02-10", 9000, 0, -1, OUTLOOK_OUT_OF_REACH, 0 }, QUOTA_SILENT,
		0 },
	{ "final and the gap rounds away", true, true, QUOTA_URGENT,
		{ PHASE_FINAL, "2027-02-10", 1, 0, -1, OUTLOOK_OUT_OF_REACH, QUIET_ROUNDS_AWAY },
		QUOTA_SILENT, 0 },
	{ "final and met at last", true, true, QUOTA_URGENT,
		{ PHASE_FINAL, "2027-02-10", 0, 0, -1, OUTLOOK_ON_TARGET, 0 }, QUOTA_CLOSED,
		QUOTA_NOTICE },
};
/* clang-format on */

Test(quota_tell, keeps_the_alerting_contract_case_by_case)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct quota_told last = row->ever ? told(row->told_as, row->open) : nothing;
		struct quota_decision decision = decide(&row->now, &last);

		cr_expect_eq(
			decision.event, row->event, "%s: event %d", row->what, (int)decision.event);
		if (decision.event != QUOTA_SILENT)
			cr_expect_eq(decision.grade, row->grade, "%s: grade %d", row->what,
				(int)decision.grade);
	}
}

Test(quota_tell, what_is_to_be_kept_silences_the_same_day_whatever_was_told)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct quota_told last = row->ever ? told(row->told_as, row->open) : nothing;
		struct quota_decision first = decide(&row->now, &last);

		cr_expect_eq(decide(&row->now, &first.told).event, QUOTA_SILENT, "%s", row->what);
	}
}

Test(quota_tell, a_gap_of_the_small_ones_alone_is_told_and_growing_it_is_told_again)
{
	struct outlook_target sme = { .base = 100000, .workdays_left = -1 };
	struct outlook_target small_micro = { .base = 50000,
		.gap = 10,
		.capacity = 5000,
		.workdays_left = 100,
		.outlook = OUTLOOK_GAP_FIXABLE };
	struct quota_tell_facts now = { PHASE_IN_YEAR, day("2026-03-01"), &sme, &small_micro };
	struct quota_decision decision = quota_tell_decide(&limits, &now, &nothing);

	cr_assert_eq(decision.event, QUOTA_OPENED);
	cr_expect_eq(decision.told.small_micro_gap, 10);
	now.as_of = day("2026-03-02");
	small_micro.gap = 11;
	cr_expect_eq(quota_tell_decide(&limits, &now, &decision.told).event, QUOTA_UPDATED);
	sme.gap = 1;
	small_micro.gap = 10;
	cr_expect_eq(quota_tell_decide(&limits, &now, &decision.told).event, QUOTA_UPDATED,
		"a target of which nothing was told yet");
}

Test(quota_tell, grades_read_back_as_they_are_written)
{
	enum quota_grade grade;

	for (int i = QUOTA_NOTICE; i <= QUOTA_FINAL; i++) {
		cr_assert(quota_grade_of_name(quota_grade_name((enum quota_grade)i), &grade));
		cr_expect_eq(grade, (enum quota_grade)i);
	}
	cr_expect_not(quota_grade_of_name("info", &grade));
	cr_expect_str_eq(quota_grade_severity(QUOTA_FINAL), "warning");
}

Test(quota_tell, the_limits_are_the_parameters_of_the_year)
{
	struct law_csv *csv = law_csv_read();
	struct quota_tell_limits read = quota_tell_limits_of(&csv->law, 2026);

	cr_expect_eq(read.cover_ppm, limits.cover_ppm);
	cr_expect_eq(read.urgent_workdays, limits.urgent_workdays);
	cr_expect_eq(read.growth_ppm, limits.growth_ppm);
	cr_expect_eq(read.repeat_months, limits.repeat_months);
	law_csv_free(csv);
}
