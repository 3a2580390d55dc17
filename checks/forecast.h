/* Projected year end of a scope, plan basis: what follows if the rest is treated as what is decided
 * already. Pure arithmetic on sums; amounts are fen. */
#ifndef SETASIDE_CHECKS_FORECAST_H
#define SETASIDE_CHECKS_FORECAST_H

#include "checks/outlook.h"

struct forecast {
	bool possible;          /* something is decided, and the year still runs */
	fen_t decided;          /* budget that can no longer be reserved, or is */
	int64_t reserved_ppm;   /* of it reserved for SMEs, floor */
	fen_t sme, small_micro; /* at the year end, by the assumptions */
	struct quota_verdict verdict;
};

struct forecast forecast_judge(const struct law *law, const struct year_outlook *outlook,
	const struct scope_figures *figures, const struct scope_outlook *scope);

enum { FORECAST_ASSUMPTIONS = 3, FORECAST_TEXT_MAX = 256 };
/* One assumption in words (zh-CN). Returns room. */
const char *forecast_assumption(
	const struct forecast *forecast, int number, char room[FORECAST_TEXT_MAX]);

#endif
