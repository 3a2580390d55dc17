/* Legal parameters: every number of the law the judges use, dated, with its citation.
 *
 * A parameter has one or more periods; which day selects the period is said at each row of the
 * table in parameters.c (1 January of the fiscal year for the floors, the signing day for the
 * terms, the day of the act for complaints). The defaults are the readings of domain/rules.md; an
 * installation overrides them per jurisdiction through the table rule_parameter. Values are
 * integers: ppm (parts per million), fen, days, dates as day_t, flags 0/1. */
#ifndef SETASIDE_CHECKS_PARAMETERS_H
#define SETASIDE_CHECKS_PARAMETERS_H

#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"

enum parameter {
	PARAM_Q1_SME_PPM,
	PARAM_Q1_SMALL_MICRO_PPM,
	PARAM_Q2_SME_PPM,
	PARAM_Q2_SMALL_MICRO_PPM,
	PARAM_Q3_SME_PPM,
	PARAM_Q3_SMALL_MICRO_PPM,
	PARAM_Q4_GOODS_SERVICES_LIMIT_FEN,
	PARAM_Q4_WORKS_LIMIT_FEN,
	PARAM_P1_COVERED_FROM,
	PARAM_P2_PUBLIC_TERM_DAYS,
	PARAM_P2_PUBLIC_CAP_DAYS,
	PARAM_P2_LARGE_TERM_DAYS,
	PARAM_P2_LONG_TERM_DAYS,
	PARAM_P3_STALLED_DAYS,
	PARAM_P7_STATUTORY_PPM_PER_DAY,
	PARAM_P7_DAY_BASE,
	PARAM_P10_TRANSITION_FROM,
	PARAM_DT5_ROLL,
	PARAM_K2_HANDOVER_WORKING_DAYS,
	PARAM_K3_ANSWER_DAYS,
	PARAM_K3_ANSWER_DAYS_EXTENDED,
	PARAM_K7_CLOCK_FROM,
	PARAM_E7_PRIORITY_FEN,
	PARAM_COUNT
};

enum parameter_unit { UNIT_PPM, UNIT_FEN, UNIT_DAYS, UNIT_DATE, UNIT_FLAG };

struct parameter_def {
	const char *rule_id; /* "P-2" */
	const char *name;    /* "public_term_days"; (rule_id, name) is unique */
	enum parameter_unit unit;
	int64_t min, max;
	const char *selected_by; /* the day that selects the period */
};

/* One period of one parameter as shipped: what seeds rule_parameter. */
struct parameter_default {
	enum parameter parameter;
	const char *valid_from, *valid_to; /* ISO; "" = open */
	int64_t value;
	const char *citation;
};

extern const struct parameter_def parameter_defs[PARAM_COUNT];
extern const struct parameter_default parameter_defaults[];
extern const size_t parameter_default_count;

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

/* All defaults. */
void parameters_defaults(struct parameters *parameters);
/* Takes a row of rule_parameter. The first row for a parameter replaces its defaults, further rows
 * add periods: so feed the rows of one jurisdiction in any order after parameters_defaults() and
 * one parameters_begin_override(). value is text in the parameter's unit (integer, or ISO date for
 * dates). Unknown names, values out of range, overlapping periods and more than PARAMETER_PERIODS
 * rows are ERR_DATA. */
struct parameters_override {
	bool replaced[PARAM_COUNT];
};
int parameters_take(struct parameters *parameters, struct parameters_override *override,
        const char *rule_id, const char *name, day_t valid_from, day_t valid_to, const char *value,
        struct err *err);
/* The value whose period holds day, or PARAMETER_NONE. */
int64_t parameter_at(const struct parameters *parameters, enum parameter parameter, day_t day);
const char *parameter_unit_name(enum parameter_unit unit);
/* The default's value as the text rule_parameter.value holds. Returns room. */
char *parameter_value_text(enum parameter parameter, int64_t value, char room[32]);

#endif
