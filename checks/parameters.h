/* Legal parameters: every number of the law the judges use, dated, with its citation.
 *
 * A parameter has one or more periods (the dates its text is in force); selected_by says which day
 * chooses one. The defaults are the readings of domain/rules.md for Xicheng; an installation reads
 * the rows of its jurisdiction and that one's parents from rule_parameter. Values are integers: ppm
 * (parts per million), fen, days, years, dates as day_t, switches 0/1. */
#ifndef SETASIDE_CHECKS_PARAMETERS_H
#define SETASIDE_CHECKS_PARAMETERS_H

#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"

enum parameter {
	PARAM_Q1_SME,
	PARAM_Q1_SMALL_MICRO,
	PARAM_Q1_YEAR_FROM,
	PARAM_Q2_SME,
	PARAM_Q2_SMALL_MICRO,
	PARAM_Q2_YEAR_FROM,
	PARAM_Q3_SME,
	PARAM_Q3_SMALL_MICRO,
	PARAM_Q3_YEAR_FROM,
	PARAM_Q3_YEAR_TO,
	PARAM_Q4_GOODS_SERVICES_THRESHOLD,
	PARAM_Q4_WORKS_THRESHOLD,
	PARAM_Q4_SME,
	PARAM_Q4_SMALL_MICRO,
	PARAM_Q5_GOODS_SERVICES_LIMIT, /* local procurement limit; none unless a place says so */
	PARAM_Q5_WORKS_LIMIT,
	PARAM_Q10_GOODS_SERVICES_MIN,
	PARAM_Q10_GOODS_SERVICES_MAX,
	PARAM_Q10_WORKS_MIN,
	PARAM_Q10_WORKS_MAX,
	PARAM_Q10_PART_GOODS_SERVICES_MIN, /* consortium or subcontract with small firms */
	PARAM_Q10_PART_GOODS_SERVICES_MAX,
	PARAM_Q10_PART_WORKS_MIN,
	PARAM_Q10_PART_WORKS_MAX,
	PARAM_P1_SIGNED_FROM,
	PARAM_P2_PUBLIC_TERM,
	PARAM_P2_PUBLIC_CAP,
	PARAM_P2_LARGE_TERM,
	PARAM_P2_LONG_TERM_REVIEW,
	PARAM_P2_CLAUSE_FROM,
	PARAM_P3_STALLED,
	PARAM_P5_INVOICE_MISSING,
	PARAM_P7_STATUTORY_DAILY,
	PARAM_P7_DAY_BASE,
	PARAM_P10_802_FROM,
	PARAM_DT5_ROLL,
	PARAM_P11_LIMITATION,
	PARAM_E6_REMIND,
	PARAM_E6_INTERVIEW,
	PARAM_E6_SUPERVISE,
	PARAM_E6_REPORT,
	PARAM_E7_SMALL_DEBT,
	PARAM_E7_BASELINE,
	PARAM_K2_HAND_OVER,
	PARAM_K3_ANSWER,
	PARAM_K3_ANSWER_EXTENDED,
	PARAM_N1_NOTICE,
	PARAM_N2_SIGN,
	PARAM_N2_PUBLISH,
	PARAM_N2_SUPPLEMENT,
	PARAM_N2_DEPOSIT,
	PARAM_N2_BID_DEPOSIT,
	PARAM_O1_PREPARATION,
	PARAM_O1_TENDER,
	PARAM_O1_AWARD,
	PARAM_O1_CONTRACT,
	PARAM_O2_COVER,
	PARAM_O2_URGENT,
	PARAM_O2_GROWTH,
	PARAM_O2_MINIMUM_BASE,
	PARAM_O2_COVERAGE,
	PARAM_O2_REPEAT,
	PARAM_COUNT
};

enum parameter_unit {
	PARAM_UNIT_PPM,
	PARAM_UNIT_PPM_PER_DAY,
	PARAM_UNIT_FEN,
	PARAM_UNIT_DAY,
	PARAM_UNIT_WORKDAY,
	PARAM_UNIT_MONTH,
	PARAM_UNIT_YEAR,
	PARAM_UNIT_DATE,
	PARAM_UNIT_SWITCH
};
const char *parameter_unit_name(enum parameter_unit unit); /* as in rule_parameter.unit */

/* One parameter: identity, range, and the default with its period and citation. */
struct parameter_def {
	const char *rule_id, *name; /* together unique; as in rule_parameter */
	enum parameter_unit unit;
	int64_t min, max;
	const char *value;                 /* default, text as in rule_parameter.value; "" = none */
	const char *valid_from, *valid_to; /* ISO; "" = open */
	const char *selected_by;
	bool optional; /* an installation of another jurisdiction may have no such rule */
	const char *citation;
};
extern const struct parameter_def parameter_defs[PARAM_COUNT];

/* What held before the default's period, where records still go by it. */
struct parameter_earlier {
	enum parameter of;
	const char *value, *valid_from, *valid_to; /* ISO */
	const char *citation;
};
enum { PARAMETER_EARLIER_COUNT = 7 };
extern const struct parameter_earlier parameter_earlier[PARAMETER_EARLIER_COUNT];

enum { PARAMETER_PERIODS = 8 };
#define PARAMETER_NONE INT64_MIN

struct parameter_period {
	day_t from, to; /* both included; DAY_NONE = open */
	int64_t value;
};
struct parameters {
	struct {
		struct parameter_period periods[PARAMETER_PERIODS];
		int count;
	} of[PARAM_COUNT];
};

/* Every default and what held before it, replacing what was there. */
void parameters_defaults(struct parameters *parameters);
/* To fill from rule_parameter: clear, take every row, check. A row of a nearer jurisdiction must
 * replace that of its parent before it comes here (the query does). ERR_DATA on an unknown
 * parameter (the name is in the text), a value out of range, overlapping periods or more than
 * PARAMETER_PERIODS of them. */
void parameters_clear(struct parameters *parameters);
int parameters_take(struct parameters *parameters, const char *rule_id, const char *name,
	day_t valid_from, day_t valid_to, const char *value, struct err *err);
/* ERR_DATA naming the first parameter that is neither optional nor there. */
int parameters_check(const struct parameters *parameters, struct err *err);

/* The value of the period that holds day, or PARAMETER_NONE. */
int64_t parameter_at(const struct parameters *parameters, enum parameter parameter, day_t day);
/* The same, outside all periods (or for DAY_NONE) the value of the nearest: for rules that do not
 * begin or end with their parameter. PARAMETER_NONE only without any period. */
int64_t parameter_near(const struct parameters *parameters, enum parameter parameter, day_t day);

#endif
