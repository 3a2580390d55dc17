/* Hints: what a person should know of a debt before acting on it, beside its status. They change no figure.
 *
 * A hint is computed, like the flags of checks/arrears.h, from the debt's own allocation group and its payee's stray
 * payments (checks/index.h), so groups can be judged one at a time. What a person said of a debt is in checks/review.h. */
#ifndef SETASIDE_CHECKS_HINTS_H
#define SETASIDE_CHECKS_HINTS_H

#include "checks/facts.h"
#include "checks/law.h"

enum obligation_hint {
	HINT_DUE_SOON = 1 << 0,   /* due within the working days of E-6, no bill pays it by then */
	HINT_MAYBE_PAID = 1 << 1, /* money to the same payee that found no debt could cover it */
	HINT_LIMITATION = 1 << 2, /* P-11: more than 2.5 of the 3 years have passed */
	HINT_SMALL_DEBT = 1 << 3, /* E-7: a single debt of up to 500,000 yuan */
	HINT_LATE_DISPUTE = 1 << 4, /* P-6: disputed only after it had fallen due */
	HINT_CONTESTED =
		1 << 5, /* P-5: overdue, its invoice is late under a clause that demands one */
	HINT_LATE_BILL = 1 << 6 /* P-5: a bill was given for it that matures after the due day */
};
enum { HINT_COUNT = 7 };
const char *obligation_hint_name(int bit); /* "due-soon" … */

struct obligation_state;
struct arrears_question;

/* unmatched: money of the group, and strays of other units to its payee, that found no debt and could have paid this one
 * (arrears_hints.c). *change is lowered to the
 * first later day on which a hint appears by itself. Sets due_soon_on and due_soon of the state. */
unsigned hints_of(const struct arrears_question *question, struct obligation_state *state,
	fen_t unmatched, day_t *change);

/* The first day on which at most `workdays` working days are left until `due` (DT-6), DAY_NONE when the calendar does not
 * reach back that far. */
day_t hints_remind_from(const struct law *law, day_t due, int64_t workdays);

#endif
