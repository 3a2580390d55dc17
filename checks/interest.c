#include "checks/interest.h"

#include "checks/clause.h"
#include "checks/lpr.h"

enum { MILLION = 1000000, DAYS_OF_YEAR = 365 };

const char *rate_basis_name(enum rate_basis basis)
{
	static const char *const names[] = { "", "agreed", "floor", "statutory", "lpr-missing" };

	return names[basis];
}

const char *late_alternative_name(enum late_alternative alternative)
{
	static const char *const names[] = { "", "statutory", "lpr" };

	return names[alternative];
}

struct late_rate late_rate_of(const struct law *law, const struct contract_fact *contract)
{
	int64_t daily =
		parameter_near(law->parameters, PARAM_P7_STATUTORY_DAILY, contract->signed_on);
	int64_t base = parameter_near(law->parameters, PARAM_P7_DAY_BASE, contract->signed_on);
	struct late_rate rate = { RATE_STATUTORY, ALTERNATIVE_NONE, daily * DAYS_OF_YEAR, daily,
		lpr_at(law->lpr, contract->signed_on), (int)base };

	if (contract->day_base == 360 || contract->day_base == 365)
		rate.day_base = (int)contract->day_base;
	if (contract->late_rate_ppm == NUMBER_NONE) {
		if (rate.lpr_ppm >= 0 && contract_pays_when_paid(contract))
			rate.alternative = ALTERNATIVE_LPR;
		return rate;
	}
	rate.yearly_ppm = contract->late_rate_ppm;
	if (contract->signed_on == DAY_NONE) {
		rate.basis = RATE_BLANK; /* G-33: it cannot be said whether the rate is valid */
	} else if (rate.lpr_ppm < 0) {
		rate.basis = RATE_LPR_MISSING;
	} else if (contract->late_rate_ppm >= rate.lpr_ppm) {
		rate.basis = RATE_AGREED;
	} else {
		rate.basis = RATE_FLOOR;
		rate.alternative = ALTERNATIVE_STATUTORY;
		rate.yearly_ppm = rate.lpr_ppm;
	}
	return rate;
}

static fen_t divide(wide_t numerator, wide_t denominator)
{
	fen_t interest;

	return money_round_div(numerator, denominator, &interest) ? interest : MONEY_FEN_MAX;
}

fen_t interest_statutory(const struct late_rate *rate, wide_t day_product)
{
	return divide(day_product * rate->daily_ppm, MILLION);
}

fen_t interest_at(const struct late_rate *rate, wide_t day_product)
{
	switch (rate->basis) {
	case RATE_STATUTORY:
		return interest_statutory(rate, day_product);
	case RATE_AGREED:
	case RATE_FLOOR:
		return divide(day_product * rate->yearly_ppm, (wide_t)MILLION * rate->day_base);
	case RATE_BLANK:
	case RATE_LPR_MISSING:
	default:
		return 0;
	}
}

struct yearly_rate late_alternative_rate(const struct late_rate *rate)
{
	switch (rate->alternative) {
	case ALTERNATIVE_STATUTORY:
		return (struct yearly_rate){ rate->daily_ppm * DAYS_OF_YEAR, DAYS_OF_YEAR };
	case ALTERNATIVE_LPR:
		return (struct yearly_rate){ rate->lpr_ppm, rate->day_base };
	case ALTERNATIVE_NONE:
	default:
		return (struct yearly_rate){ 0, DAYS_OF_YEAR };
	}
}

fen_t interest_alternative(const struct late_rate *rate, wide_t day_product)
{
	struct yearly_rate yearly = late_alternative_rate(rate);

	return divide(day_product * yearly.ppm, (wide_t)MILLION * yearly.day_base);
}

fen_t interest_cap(const struct contract_fact *contract, const struct late_rate *rate, fen_t amount)
{
	fen_t limit;

	if (contract->late_cap_ppm == NUMBER_NONE || rate->basis != RATE_AGREED)
		return NUMBER_NONE;
	if (amount < 0 || contract->late_cap_ppm < 0)
		return 0;
	return money_scale(amount, contract->late_cap_ppm, MILLION, &limit) ? limit : MONEY_FEN_MAX;
}
