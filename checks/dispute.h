/* The parts of an obligation on a day: normal, and disputed or formerly disputed (P-6, G-42). */
#ifndef SETASIDE_CHECKS_DISPUTE_H
#define SETASIDE_CHECKS_DISPUTE_H

#include "checks/facts.h"
#include "checks/law.h"

/* A piece of an obligation with its own due day. */
struct obligation_part {
	fen_t amount, open;    /* open: still owed on the as-of day */
	day_t nominal, rolled; /* DAY_NONE = no due day, or not to be found */
	int missing_year;      /* of the roll; 0 = none */
	int32_t overdue_days;  /* > 0 while open and past due, else 0 */
	bool disputed;         /* in an open dispute: no due day, no interest */
};
enum { PARTS_MAX = 2 };

/* Splits an amount (< 0 counts as 0) by the dispute as known on as_of. nominal and rolled are the
 * obligation's own days. open is set to the amount. Returns the number of parts, 1 or 2; the normal
 * part is first. */
int dispute_parts(const struct law *law, const struct obligation_fact *obligation, day_t as_of,
	day_t nominal, day_t rolled, int missing_year, struct obligation_part parts[PARTS_MAX]);
/* More disputed than owed, whatever the dates. */
bool dispute_exceeds(const struct obligation_fact *obligation);

#endif
