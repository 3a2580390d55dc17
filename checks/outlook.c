#include "checks/outlook.h"

#include "checks/lead_time.h"
#include "checks/sums.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

enum { MILLION = 1000000, PERCENT_HUNDREDTHS = 10000 };

const char *quota_outlook_name(enum quota_outlook outlook)
{
	static const char *const names[] = { "", "on-target", "gap-fixable", "gap-at-risk",
		"out-of-reach" };

	return names[outlook];
}

const char *quota_outlook_words(enum quota_phase phase, enum quota_outlook outlook)
{
	static const char *const words[] = { "", "目前达标", "有缺口、可补足",
		"缺口较大、需尽快安排", "年内已难补足" };

	if (phase == PHASE_FINAL && outlook > OUTLOOK_ON_TARGET)
		return "未达到";
	if (phase == PHASE_FINAL && outlook == OUTLOOK_ON_TARGET)
		return "达到";
	return words[outlook];
}

const char *outlook_quiet_name(int bit)
{
	static const char *const names[] = { "collecting", "rounds-away", "band-meets",
		"small-base", "low-coverage", "met-after-exemptions" };

	return names[bit];
}

/* Days ---------------------------------------------------------------------------------------- */

static int64_t of_year(const struct law *law, enum parameter parameter, int fiscal_year)
{
	day_t first = DAY_NONE;

	day_from_civil(fiscal_year, 1, 1, &first);
	return parameter_near(law->parameters, parameter, first);
}

/* By how much the gap shrinks with what is open from the month on. Small/micro: naming counts
 * wholly; what is newly reserved for small/micro raises the SME sum too, so only (1 − floor) of it
 * counts. */
static fen_t capacity_from(
	const struct scope_prospect *sums, int month, bool small_micro, int64_t floor_ppm)
{
	fen_t reservable = sums->reservable[0], nameable = sums->nameable[0];

	for (int i = month > 0 ? month : 1; i <= PROSPECT_MONTHS; i++) {
		sum_add(&reservable, sums->reservable[i]);
		sum_add(&nameable, sums->nameable[i]);
	}
	if (!small_micro)
		return reservable;
	sum_add(&nameable, (fen_t)((wide_t)reservable * (MILLION - floor_ppm) / MILLION));
	return nameable;
}

/* One target ---------------------------------------------------------------------------------- */

struct judging {
	const struct law *law;
	struct year_outlook *outlook;
};

static day_t last_day_of(const struct judging *j, const struct scope_prospect *sums, fen_t gap,
	bool small_micro, int64_t floor_ppm)
{
	day_t last = j->outlook->last_day_at_most;

	for (int month = 2; month <= PROSPECT_MONTHS; month++) {
		day_t first = DAY_NONE;

		day_from_civil(j->outlook->fiscal_year, month, 1, &first);
		if (first <= j->outlook->as_of)
			continue;
		/* What is planned for the month before may be announced on that month's first day. */
		if (capacity_from(sums, month, small_micro, floor_ppm) < gap) {
			day_from_civil(j->outlook->fiscal_year, month - 1, 1, &first);
			first -= 1;
			if (first < j->outlook->as_of)
				first = j->outlook->as_of;
			return first < last ? first : last;
		}
	}
	return last;
}

static enum quota_outlook outlook_of_gap(
	const struct judging *j, const struct outlook_target *target)
{
	const struct year_outlook *outlook = j->outlook;
	int64_t cover = of_year(j->law, PARAM_O2_COVER, outlook->fiscal_year);
	int64_t urgent = of_year(j->law, PARAM_O2_URGENT, outlook->fiscal_year);

	if (target->gap == 0)
		return OUTLOOK_ON_TARGET;
	if (outlook->phase.phase >= PHASE_PRELIMINARY || target->capacity < target->gap ||
		outlook->as_of > outlook->last_day_at_most)
		return OUTLOOK_OUT_OF_REACH;
	if ((wide_t)target->capacity * MILLION < (wide_t)target->gap * cover ||
		(target->workdays_at_most >= 0 && target->workdays_at_most <= urgent))
		return OUTLOOK_GAP_AT_RISK;
	return OUTLOOK_GAP_FIXABLE;
}

/* Both shares in hundredths of a percent, half up. */
static bool rounds_away(fen_t reached, fen_t base, int64_t floor_ppm)
{
	fen_t share;

	return base > 0 && money_round_div((wide_t)reached * PERCENT_HUNDREDTHS, base, &share) &&
	       (wide_t)share * MILLION >= (wide_t)floor_ppm * PERCENT_HUNDREDTHS;
}

static unsigned quiet_of(const struct judging *j, const struct scope_figures *figures,
	const struct scope_outlook *scope, const struct outlook_target *target, int64_t floor_ppm)
{
	int year = j->outlook->fiscal_year;
	unsigned quiet = 0;

	if (j->outlook->phase.phase == PHASE_COLLECTING)
		quiet |= QUIET_COLLECTING;
	if (target->gap > 0 && rounds_away(target->reached, target->base, floor_ppm))
		quiet |= QUIET_ROUNDS_AWAY;
	if (target->gap > 0 && target->upper >= target->needed)
		quiet |= QUIET_BAND_MEETS;
	if (figures->plan.strict_base < of_year(j->law, PARAM_O2_MINIMUM_BASE, year))
		quiet |= QUIET_SMALL_BASE;
	if (scope->coverage_ppm < of_year(j->law, PARAM_O2_COVERAGE, year))
		quiet |= QUIET_LOW_COVERAGE;
	return quiet;
}

/* The days of a gap that can still be closed. A day is at most a working day. */
static void find_last_day(const struct judging *j, const struct scope_prospect *sums,
	bool small_micro, int64_t floor_ppm, struct outlook_target *target)
{
	const struct year_outlook *outlook = j->outlook;
	day_t last = last_day_of(j, sums, target->gap, small_micro, floor_ppm);

	target->last_day_at_most = last;
	target->workdays_at_most = last - outlook->as_of;
	if (outlook->missing_year)
		return;
	target->last_day = last;
	if (day_count_working(j->law->calendar, outlook->as_of, last, &target->workdays_left) ==
		DAY_OK)
		target->workdays_at_most = target->workdays_left;
	else
		target->workdays_left = -1;
}

/* base, needed, reached, upper and gap are there; the rest follows from what is open. */
static void finish_target(const struct judging *j, const struct scope_figures *figures,
	const struct scope_outlook *scope, const struct scope_prospect *sums, bool small_micro,
	int64_t floor_ppm, struct outlook_target *target)
{
	const struct year_outlook *outlook = j->outlook;

	target->last_day = target->last_day_at_most = DAY_NONE;
	target->workdays_left = target->workdays_at_most = -1;
	target->capacity = capacity_from(sums, 0, small_micro, floor_ppm);
	if (target->gap > 0 && target->capacity >= target->gap &&
		outlook->as_of <= outlook->last_day_at_most)
		find_last_day(j, sums, small_micro, floor_ppm, target);
	target->quiet = quiet_of(j, figures, scope, target, floor_ppm);
	if (outlook->phase.phase != PHASE_COLLECTING && target->base > 0)
		target->outlook = outlook_of_gap(j, target);
}

static void judge_targets(const struct judging *j, const struct scope_figures *figures,
	const struct band *band, const struct scope_prospect *sums, struct scope_outlook *scope)
{
	bool district = !*figures->scope;
	struct quota_floor floor = quota_floor_of(j->law, j->outlook->fiscal_year, district);
	struct quota_verdict verdict = quota_judge(floor, figures->plan);
	/* G-16: exemptions cannot leave nothing to judge. */
	bool strict = district || figures->plan.adjusted_base == 0;

	scope->sme = (struct outlook_target){
		.base = strict ? figures->plan.strict_base : figures->plan.adjusted_base,
		.reached = figures->plan.sme,
		.upper = band->sme_upper,
		.gap = strict ? verdict.sme_gap : verdict.sme_gap_adjusted,
	};
	scope->small_micro = (struct outlook_target){
		.base = figures->plan.sme,
		.reached = figures->plan.small_micro,
		.upper = band->small_micro_upper,
		.gap = verdict.small_micro_gap,
	};
	money_scale_up(scope->sme.base, floor.sme_ppm, MILLION, &scope->sme.needed);
	money_scale_up(scope->small_micro.base, floor.small_micro_ppm, MILLION,
		&scope->small_micro.needed);
	scope->to_reserve = scope->sme.gap;
	scope->to_reserve_small_micro = verdict.small_micro_gap_at_target;
	if (!strict) {
		struct quota_sums at = figures->plan;

		sum_add(&at.sme, scope->sme.gap);
		scope->to_reserve_small_micro = quota_judge(floor, at).small_micro_gap;
	}
	finish_target(j, figures, scope, sums, false, floor.sme_ppm, &scope->sme);
	if (scope->sme.gap > 0 && verdict.sme == QUOTA_MET_AFTER_EXEMPTIONS)
		scope->sme.quiet |= QUIET_EXEMPTIONS;
	finish_target(j, figures, scope, sums, true, floor.small_micro_ppm, &scope->small_micro);
	scope->outlook = scope->sme.outlook > scope->small_micro.outlook
				 ? scope->sme.outlook
				 : scope->small_micro.outlook;
}

/* The year ------------------------------------------------------------------------------------ */

static int64_t coverage_of(fen_t counted, fen_t uncounted)
{
	wide_t all = (wide_t)counted + uncounted;

	return all > 0 ? (int64_t)((wide_t)counted * MILLION / all) : MILLION;
}

static void judge_scope(const struct judging *j, const struct scope_figures *figures,
	const struct band *band, const struct scope_prospect *prospect, struct scope_outlook *scope)
{
	scope->scope = figures->scope;
	for (int month = 0; month <= PROSPECT_MONTHS; month++) {
		sum_add(&scope->reservable, prospect->reservable[month]);
		sum_add(&scope->nameable, prospect->nameable[month]);
	}
	scope->reservable_items = prospect->reservable_items;
	scope->nameable_items = prospect->nameable_items;
	scope->coverage_ppm = coverage_of(figures->plan.strict_base, prospect->uncounted);
	judge_targets(j, figures, band, prospect, scope);
}

void outlook_finish(const struct law *law, const struct facts *facts, const struct unit_tree *units,
	const struct year_figures *figures, const struct year_prospect *prospect,
	struct year_outlook *outlook)
{
	struct judging j = { law, outlook };
	struct lead_step steps[LEAD_STEPS];

	outlook->fiscal_year = figures->fiscal_year;
	outlook->as_of = figures->as_of;
	outlook->phase = phase_judge(facts, units, figures, prospect);
	outlook->missing_year = lead_steps(law, figures->fiscal_year, steps);
	outlook->last_day_at_most = steps[LEAD_STEPS - 1].from;
	outlook->last_day = outlook->missing_year ? DAY_NONE : outlook->last_day_at_most;
	outlook->departments =
		mem_zero(figures->department_count + 1, sizeof(struct scope_outlook));
	outlook->department_count = figures->department_count;
	for (size_t i = 0; i < figures->department_count; i++)
		judge_scope(&j, &figures->departments[i], &outlook->bands.departments[i].plan,
			&prospect->departments[i], &outlook->departments[i]);
	judge_scope(&j, &figures->district, &outlook->bands.district.plan, &prospect->district,
		&outlook->district);
}

void outlook_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const struct year_figures *figures,
	const fen_t *paid_of_contract, struct year_outlook *ret)
{
	struct packages packages;
	struct year_prospect prospect;

	*ret = (struct year_outlook){ 0 };
	packages_make(index, units, figures->fiscal_year, figures->as_of, &packages);
	bands_judge(law, index, units, figures, &packages, paid_of_contract, &ret->bands);
	open_items_judge(law->registers, units, &packages, figures->as_of, &ret->open);
	packages_free(&packages);
	prospect_judge(index->facts, units, figures, &ret->open, &prospect);
	outlook_finish(law, index->facts, units, figures, &prospect, ret);
	prospect_free(&prospect);
}

void outlook_free(struct year_outlook *outlook)
{
	free(outlook->departments);
	bands_free(&outlook->bands);
	open_items_free(&outlook->open);
	*outlook = (struct year_outlook){ 0 };
}

const struct scope_outlook *outlook_of(const struct year_outlook *outlook, const char *scope)
{
	if (!*scope)
		return &outlook->district;
	for (size_t i = 0; i < outlook->department_count; i++)
		if (strcmp(outlook->departments[i].scope, scope) == 0)
			return &outlook->departments[i];
	return NULL;
}
