/* What was promised of a debt in repayment plans (还款计划). A promise moves no due day and stops no interest (P-5). */
#ifndef SETASIDE_CHECKS_PROMISE_H
#define SETASIDE_CHECKS_PROMISE_H

#include "checks/facts.h"

struct promise {
	const char *plan_id; /* of the plan agreed last by the day; NULL = none */
	day_t until; /* all is to be paid by then: its last day, whether ahead or past; DAY_NONE = not stated */
	const char *fund_source; /* of its next instalment, else of its last */
	fen_t amount;            /* of all its instalments */
};

struct promise promise_of(const struct facts *facts, const char *obligation_no, day_t as_of);

#endif
