#include "checks/quota.h"

#include "checks/sums.h"

enum { MILLION = 1000000 };

const char *quota_status_name(enum quota_status status)
{
	static const char *const names[] = { "met", "met-after-exemptions", "not-met", "no-base",
		"undefined" };

	return names[status];
}

static int64_t at_year(const struct law *law, enum parameter parameter, int year)
{
	day_t first;

	if (!day_from_civil(year, 1, 1, &first))
		return PARAMETER_NONE;
	return parameter_at(law->parameters, parameter, first);
}

/* A floor holds for whole fiscal years: those whose 1 January lies in its period and that the year
 * bounds allow (G-18). */
static bool holds(
	const struct law *law, int year, enum parameter sme, enum parameter from, enum parameter to)
{
	int64_t first = parameter_near(law->parameters, from, DAY_NONE);
	int64_t last =
		to == PARAM_COUNT ? PARAMETER_NONE : parameter_near(law->parameters, to, DAY_NONE);

	return at_year(law, sme, year) != PARAMETER_NONE &&
	       (first == PARAMETER_NONE || year >= first) &&
	       (last == PARAMETER_NONE || year <= last);
}

struct quota_floor quota_floor_of(const struct law *law, int fiscal_year, bool district)
{
	day_t first = DAY_NONE;

	if (district && holds(law, fiscal_year, PARAM_Q3_SME, PARAM_Q3_YEAR_FROM, PARAM_Q3_YEAR_TO))
		return (struct quota_floor){ "Q-3", at_year(law, PARAM_Q3_SME, fiscal_year),
			at_year(law, PARAM_Q3_SMALL_MICRO, fiscal_year) };
	if (holds(law, fiscal_year, PARAM_Q2_SME, PARAM_Q2_YEAR_FROM, PARAM_COUNT))
		return (struct quota_floor){ "Q-2", at_year(law, PARAM_Q2_SME, fiscal_year),
			at_year(law, PARAM_Q2_SMALL_MICRO, fiscal_year) };
	day_from_civil(fiscal_year, 1, 1, &first);
	return (struct quota_floor){ "Q-1", parameter_near(law->parameters, PARAM_Q1_SME, first),
		parameter_near(law->parameters, PARAM_Q1_SMALL_MICRO, first) };
}

struct quota_floor quota_floor_of_q4(const struct law *law, int fiscal_year)
{
	struct quota_floor floor = quota_floor_of(law, fiscal_year, false);
	int64_t sme = at_year(law, PARAM_Q4_SME, fiscal_year);
	int64_t small_micro = at_year(law, PARAM_Q4_SMALL_MICRO, fiscal_year);

	floor.rule_id = "Q-4";
	if (sme != PARAMETER_NONE)
		floor.sme_ppm = sme;
	if (small_micro != PARAMETER_NONE)
		floor.small_micro_ppm = small_micro;
	return floor;
}

/* max(0, ceil(whole × ppm) − part). A floor is at most 1, so the product fits. */
static fen_t gap(fen_t whole, int64_t ppm, fen_t part)
{
	fen_t need = 0;

	if (!money_scale_up(whole, ppm, MILLION, &need))
		return MONEY_FEN_MAX;
	return need > part ? need - part : 0;
}

static enum quota_status sme_status(struct quota_floor floor, struct quota_sums sums)
{
	if (sums.strict_base == 0)
		return QUOTA_NO_BASE;
	if (money_share_met(sums.sme, sums.strict_base, floor.sme_ppm))
		return QUOTA_MET;
	if (sums.adjusted_base > 0 && money_share_met(sums.sme, sums.adjusted_base, floor.sme_ppm))
		return QUOTA_MET_AFTER_EXEMPTIONS;
	return QUOTA_NOT_MET;
}

static enum quota_status small_micro_status(struct quota_floor floor, struct quota_sums sums)
{
	if (sums.sme == 0)
		return QUOTA_UNDEFINED;
	return money_share_met(sums.small_micro, sums.sme, floor.small_micro_ppm) ? QUOTA_MET
										  : QUOTA_NOT_MET;
}

struct quota_verdict quota_judge(struct quota_floor floor, struct quota_sums sums)
{
	struct quota_verdict verdict = { .sme = sme_status(floor, sums),
		.small_micro = small_micro_status(floor, sums) };
	fen_t target;

	verdict.sme_gap = gap(sums.strict_base, floor.sme_ppm, sums.sme);
	verdict.sme_gap_adjusted = gap(sums.adjusted_base, floor.sme_ppm, sums.sme);
	verdict.small_micro_gap = gap(sums.sme, floor.small_micro_ppm, sums.small_micro);
	target = sums.sme;
	sum_add(&target, verdict.sme_gap);
	verdict.small_micro_gap_at_target = gap(target, floor.small_micro_ppm, sums.small_micro);
	return verdict;
}
