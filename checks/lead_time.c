#include "checks/lead_time.h"

static const struct {
	enum parameter parameter;
	bool workdays;
} leads[LEAD_STEPS] = {
	{ PARAM_O1_CONTRACT, false },
	{ PARAM_O1_AWARD, true },
	{ PARAM_O1_TENDER, false },
	{ PARAM_O1_PREPARATION, true },
};

/* The latest day after which n working days still lie up to day, itself a working day. */
static int working_days_before(
	const struct day_calendar *calendar, day_t day, int64_t n, day_t *ret)
{
	bool working;

	for (;; day--) {
		int missing = day_is_working(calendar, day, &working);

		if (missing != DAY_OK)
			return missing;
		if (working && n-- == 0)
			break;
	}
	*ret = day;
	return DAY_OK;
}

static int count_back(const struct law *law, day_t day, bool by_calendar, struct lead_step *steps)
{
	for (int i = 0; i < LEAD_STEPS; i++) {
		if (by_calendar && steps[i].workdays) {
			int missing = working_days_before(law->calendar, day, steps[i].days, &day);

			if (missing != DAY_OK)
				return missing;
		} else {
			day -= (day_t)steps[i].days;
		}
		steps[i].from = day;
	}
	return DAY_OK;
}

int lead_steps(const struct law *law, int fiscal_year, struct lead_step ret[LEAD_STEPS])
{
	day_t first = DAY_NONE, last = DAY_NONE;
	bool is_year = day_from_civil(fiscal_year, 1, 1, &first) &&
		       day_from_civil(fiscal_year, 12, 31, &last);
	int missing;

	for (int i = 0; i < LEAD_STEPS; i++)
		ret[i] = (struct lead_step){ leads[i].parameter, leads[i].workdays,
			parameter_near(law->parameters, leads[i].parameter, first), DAY_NONE };
	if (!is_year)
		return fiscal_year;
	missing = count_back(law, last, true, ret);
	if (missing != DAY_OK)
		count_back(law, last, false, ret);
	return missing;
}
