/* Payment practice: how fast debts that were paid in a year were paid (as public payment practice reports give it).
 *
 * A covered debt counts when its last payment lies in the twelve months up to the day and nothing of it is left, and when
 * its clock has a start: days run from there to that payment (DT-4). Shares are of the debts counted, by number and by
 * value; averages are hundredths of a day, rounded half up. "Late because disputed" are late ones of which a part was in
 * a dispute that was opened by the due day and stood after it: one that came later did not delay anything. What a settlement
 * gave up is no value that was paid. Nothing to count gives zeros and no figure is a guess. */
#ifndef SETASIDE_CHECKS_PRACTICE_H
#define SETASIDE_CHECKS_PRACTICE_H

#include "checks/arrears.h"

enum practice_share {
	PRACTICE_WITHIN_30,
	PRACTICE_31_TO_60,
	PRACTICE_OVER_60,
	PRACTICE_WITHIN_TERMS,
	PRACTICE_LATE_DISPUTED,
	PRACTICE_SHARES
};
const char *practice_share_name(int share); /* "within_30" … */

struct practice_debt {
	int64_t days;
	fen_t amount;
};
struct practice {
	day_t from, as_of; /* last payments in [from, as_of] */
	struct practice_debt *debts;
	size_t count, capacity;
	fen_t amount;
	int64_t share_count[PRACTICE_SHARES];
	fen_t share_amount[PRACTICE_SHARES];
	/* After practice_finish(). */
	int64_t average_hundredths, average_by_value_hundredths;
	int64_t median_days,
		median_by_value_days; /* of an even number the lower of the two in the middle */
};

void practice_init(struct practice *practice, day_t as_of);
void practice_add(struct practice *practice, const struct obligation_state *state);
void practice_finish(struct practice *practice);
void practice_free(struct practice *practice);

#endif
