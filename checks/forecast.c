#include "checks/forecast.h"

#include <inttypes.h>
#include <stdio.h>

#include "checks/sums.h"

enum { MILLION = 1000000, PPM_OF_HUNDREDTH = 100, HUNDRED = 100 };

struct forecast forecast_judge(const struct law *law, const struct year_outlook *outlook,
	const struct scope_figures *figures, const struct scope_outlook *scope)
{
	struct forecast forecast = { .decided = figures->plan.strict_base - scope->reservable };
	struct quota_sums sums = figures->plan;
	fen_t more = 0;

	forecast.possible = forecast.decided > 0 && outlook->phase.phase == PHASE_IN_YEAR;
	if (!forecast.possible)
		return forecast;
	forecast.reserved_ppm = (int64_t)((wide_t)sums.sme * MILLION / forecast.decided);
	if (money_scale(scope->reservable, sums.sme, forecast.decided, &more))
		sum_add(&sums.sme, more);
	if (figures->plan.sme > 0)
		money_scale(
			sums.sme, figures->plan.small_micro, figures->plan.sme, &sums.small_micro);
	forecast.sme = sums.sme;
	forecast.small_micro = sums.small_micro;
	forecast.verdict =
		quota_judge(quota_floor_of(law, outlook->fiscal_year, !*figures->scope), sums);
	return forecast;
}

const char *forecast_assumption(
	const struct forecast *forecast, int number, char room[FORECAST_TEXT_MAX])
{
	int64_t hundredths = forecast->reserved_ppm / PPM_OF_HUNDREDTH;

	switch (number) {
	case 0:
		return "预算总额至年末不变，不再追加、调减或撤销预留";
	case 1:
		snprintf(room, FORECAST_TEXT_MAX,
			"尚未公告的适宜项目按已安排部分的预留比例（%" PRId64 ".%02" PRId64
			"%%）预留",
			hundredths / HUNDRED, hundredths % HUNDRED);
		return room;
	default:
		return "新增预留中小微企业所占比例与目前相同";
	}
}
