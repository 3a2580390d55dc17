/* What runs of earlier days had last said of debts: the list that people saw, whatever has been learnt of its day since. A
 * payment that came in this morning with a voucher of last week clears what was overdue on yesterday's list. Amounts are
 * fen. */
#ifndef SETASIDE_CHECKS_TOLD_BEFORE_H
#define SETASIDE_CHECKS_TOLD_BEFORE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/day.h"
#include "core/money.h"

struct debt_before {
	char *obligation_no, *unit_code;
	fen_t overdue;
	bool suspected; /* else it was overdue, but a payment without a debt could cover it */
};
struct told_before {
	day_t day; /* that the last of these runs looked at; DAY_NONE = there was none */
	struct debt_before *debts;
	size_t count, capacity;
};
struct told_before *told_before_new(void);
void told_before_free(struct told_before *before);
/* Texts are copied. */
void told_before_add(struct told_before *before, const char *obligation_no, const char *unit_code,
	fen_t overdue, bool suspected);

#endif
