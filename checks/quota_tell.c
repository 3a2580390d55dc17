#include "checks/quota_tell.h"

#include <string.h>

enum { MILLION = 1000000 };

static const char *const grade_names[] = { "notice", "warning", "urgent", "final" };

const char *quota_grade_name(enum quota_grade grade)
{
	return grade_names[grade];
}

bool quota_grade_of_name(const char *name, enum quota_grade *ret)
{
	for (int i = QUOTA_NOTICE; i <= QUOTA_FINAL; i++) {
		if (strcmp(name, grade_names[i]) == 0) {
			*ret = (enum quota_grade)i;
			return true;
		}
	}
	return false;
}

const char *quota_grade_severity(enum quota_grade grade)
{
	/* The year is over: nothing has to happen tonight. */
	return grade == QUOTA_FINAL ? "warning" : grade_names[grade];
}

struct quota_tell_limits quota_tell_limits_of(const struct law *law, int fiscal_year)
{
	day_t first = DAY_NONE;

	day_from_civil(fiscal_year, 1, 1, &first);
	return (struct quota_tell_limits){
		.cover_ppm = parameter_near(law->parameters, PARAM_O2_COVER, first),
		.urgent_workdays = parameter_near(law->parameters, PARAM_O2_URGENT, first),
		.growth_ppm = parameter_near(law->parameters, PARAM_O2_GROWTH, first),
		.repeat_months = parameter_near(law->parameters, PARAM_O2_REPEAT, first),
	};
}

/* The gap that counts: 0 without one and while it is quiet. */
static fen_t gap_of(const struct outlook_target *target)
{
	return target->quiet ? 0 : target->gap;
}

static enum quota_grade grade_of(
	const struct quota_tell_limits *limits, const struct outlook_target *target)
{
	if (gap_of(target) == 0)
		return QUOTA_NOTICE;
	if (target->outlook == OUTLOOK_OUT_OF_REACH ||
		(target->workdays_at_most >= 0 &&
			target->workdays_at_most <= limits->urgent_workdays))
		return QUOTA_URGENT;
	return (wide_t)target->capacity * MILLION < (wide_t)target->gap * limits->cover_ppm
		       ? QUOTA_WARNING
		       : QUOTA_NOTICE;
}

static enum quota_grade grade_now(
	const struct quota_tell_limits *limits, const struct quota_tell_facts *now)
{
	enum quota_grade sme = grade_of(limits, now->sme);
	enum quota_grade small_micro = grade_of(limits, now->small_micro);

	if (now->phase == PHASE_FINAL)
		return QUOTA_FINAL;
	return sme > small_micro ? sme : small_micro;
}

static bool grew(fen_t gap, fen_t told, int64_t growth_ppm)
{
	return gap > told && (wide_t)gap * MILLION >= (wide_t)told * (MILLION + growth_ppm);
}

/* A gap was told: is there a reason to tell it again? */
static bool again(const struct quota_tell_limits *limits, const struct quota_tell_facts *now,
	const struct quota_told *last, enum quota_grade grade)
{
	return grade > last->grade || grew(gap_of(now->sme), last->sme_gap, limits->growth_ppm) ||
	       grew(gap_of(now->small_micro), last->small_micro_gap, limits->growth_ppm) ||
	       now->as_of >= day_add_months(last->told_on, (int)limits->repeat_months);
}

static enum quota_event event_of(const struct quota_tell_limits *limits,
	const struct quota_tell_facts *now, const struct quota_told *last, enum quota_grade grade)
{
	bool gap = gap_of(now->sme) > 0 || gap_of(now->small_micro) > 0;
	bool made_good = now->sme->gap == 0 && now->small_micro->gap == 0 && now->sme->base > 0;

	if (now->phase == PHASE_COLLECTING || (last->ever && now->as_of < last->told_on) ||
		(last->ever && last->grade == QUOTA_FINAL))
		return QUOTA_SILENT;
	if (!gap)
		return made_good && last->open ? QUOTA_CLOSED : QUOTA_SILENT;
	if (!last->open && now->phase == PHASE_PRELIMINARY)
		return QUOTA_SILENT; /* nothing can be done any more; the final figures tell it */
	if (!last->ever)
		return QUOTA_OPENED;
	if (!last->open)
		return QUOTA_REOPENED;
	return again(limits, now, last, grade) ? QUOTA_UPDATED : QUOTA_SILENT;
}

struct quota_decision quota_tell_decide(const struct quota_tell_limits *limits,
	const struct quota_tell_facts *now, const struct quota_told *last)
{
	enum quota_grade grade = grade_now(limits, now);
	enum quota_event event = event_of(limits, now, last, grade);

	return (struct quota_decision){
		.event = event,
		.grade = event == QUOTA_CLOSED ? QUOTA_NOTICE : grade,
		.told = event == QUOTA_SILENT
				? *last
				: (struct quota_told){
					  .ever = true,
					  .open = event != QUOTA_CLOSED,
					  .told_on = now->as_of,
					  .grade = grade,
					  .sme_gap = gap_of(now->sme),
					  .small_micro_gap = gap_of(now->small_micro),
				  },
	};
}
