/* The parts of an obligation on a day (P-6, G-42): what nobody disputes, and a part for each dispute known by then.
 *
 * Every record of a dispute counts, from its opening (blank = always) to its settlement; one opened later is not known (G-01).
 * - Open ones add up, cut to what is owed: those parts are in no arrears and bear no interest.
 * - A settled one is owed for the sum that was agreed, or all of it where none was, from the agreed due day, or where none was
 *   agreed from the later of the settlement and the debt's own nominal day, rolled. What was not agreed is given up with the
 *   settlement: P-6 has the agreed sum due, and nothing else of the part ever falls due.
 * - Disputes are of different sums as long as the debt is large enough; where it is not, the open ones come first (the sum of a
 *   settled one is free to be disputed again), then those settled last.
 * - One from which the rest of the debt cannot be separated (P-6: "if separable") holds the rest too, and after it the rest has
 *   its due day; but only if it was opened by the due day: what had fallen due unhindered stays due.
 * - What the row of the obligation itself says is in dispute includes what records say of it: only the surplus counts. */
#ifndef SETASIDE_CHECKS_DISPUTE_H
#define SETASIDE_CHECKS_DISPUTE_H

#include "checks/index.h"
#include "checks/law.h"

/* A piece of an obligation with its own due day. */
struct obligation_part {
	fen_t amount, open;    /* open: still owed on the as-of day */
	day_t nominal, rolled; /* DAY_NONE = no due day, or not to be found */
	int missing_year;      /* of the roll; 0 = none */
	int32_t overdue_days;  /* > 0 while open and past due, else 0 */
	uint32_t dispute;      /* row of what made it a part of its own; or one of the two below */
	day_t opened_on,
		settled_on; /* of the dispute: DAY_NONE = always, not settled as far as known */
	bool disputed;      /* in an open dispute: no due day, no interest */
	bool late;          /* of a dispute that was opened only after the debt's due day */
};
#define PART_OWN    UINT32_MAX       /* nobody disputes it */
#define PART_OF_ROW (UINT32_MAX - 1) /* the dispute that the obligation's own row tells of */

/* What is in dispute and for how long, as the records have it. */
struct dispute_view {
	uint32_t dispute; /* as of a part */
	const char *dispute_id;
	day_t opened_on;                 /* DAY_NONE = always */
	day_t settled_on, agreed_due_on; /* DAY_NONE = not, as far as known */
	fen_t amount;                    /* > 0 */
	fen_t agreed;                    /* NUMBER_NONE = not stated, or not settled */
	enum tri separable;
	fen_t part; /* what it makes of the debt on the day, before payments */
};

struct dispute_question {
	const struct law *law;
	const struct facts_index *index;
	uint32_t obligation; /* row */
	day_t as_of;
	day_t nominal, rolled; /* the obligation's own days */
	int missing_year;
	bool dated; /* an agreed day counts: the debt is one of those that have days (G-31, G-33) */
};

/* The answer, good until the next question; zeroed before the first. dispute_room_free(). */
struct dispute_room {
	/* In the order in which payments clear them (G-42): undisputed ones by due day, those without last; then disputed
	 * ones by opening. The debt's own part comes first among equals. At least one: the own part, and one of each dispute
	 * known on the day, though nothing may be left of it. */
	struct obligation_part *parts;
	size_t count, capacity;
	struct dispute_view *views; /* known on the day, by opening (always first), then id */
	size_t view_count, view_capacity;
	struct dispute_view **settled; /* of the views, by settlement */
	size_t settled_count, settled_capacity;
	fen_t given_up; /* of the amount, by settlements */
	bool exceeds;   /* more is in dispute than the amount, whatever the dates */
	bool excuses; /* one was opened by the due day and stood after it: being paid late may be its doing */
};

/* An amount < 0 counts as 0. open of each part is its amount; the parts and given_up sum to the amount. */
void dispute_parts(const struct dispute_question *question, struct dispute_room *ret);
void dispute_room_free(struct dispute_room *room);

#endif
