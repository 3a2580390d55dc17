/* Declared debts (申报欠款): what units report from their ledger sheets without a contract.
 *
 * Taken as declared: the amount still owed is outstanding_fen where it is given, else the amount; it ages from
 * declared_due_on, not rolled; no interest is computed; none of it enters the headline, the disclosure or a message. */
#ifndef SETASIDE_CHECKS_DECLARED_H
#define SETASIDE_CHECKS_DECLARED_H

#include "checks/ageing.h"

/* What is still owed; never below 0. */
fen_t declared_outstanding(const struct declared_fact *debt);
/* Days since the declared due day; 0 when it has not passed or is not given. */
int32_t declared_overdue_days(const struct declared_fact *debt, day_t as_of);
/* Formed or due after the day: not known yet. Without any day it is always known. */
bool declared_known(const struct declared_fact *debt, day_t as_of);

struct declared_unit {
	const char *unit_code;
	struct ageing_row row;
};
struct declared_report {
	struct ageing_row total;
	struct declared_unit *units; /* in byte order of the code */
	size_t count, capacity;
};
void declared_judge(const struct facts *facts, day_t as_of, struct declared_report *ret);
void declared_free(struct declared_report *report);

#endif
