/* The yearly disclosure of overdue debts (D-1, G-51), and what enterprises and institutions report one by one: an
 * enterprise in its annual report (D-2), an institution or a state-owned enterprise to its superior (D-3). Nothing
 * overdue is said as zero.
 *
 * The sums are what the records say. What may be published is the part that a person verified (checks/review.h); it
 * stands beside them, and so does what a person refuted. A review counts when it holds for the debt as it stood on the
 * counted day. */
#ifndef SETASIDE_CHECKS_DISCLOSURE_H
#define SETASIDE_CHECKS_DISCLOSURE_H

#include "checks/arrears.h"
#include "checks/review.h"
#include "core/map.h"

struct disclosure_sums {
	int64_t contracts, obligations;
	fen_t amount;
	/* Of these: */
	int64_t verified_obligations, refuted_obligations;
	fen_t verified, refuted;
};
struct disclosed {
	const char *code; /* of a department or a unit */
	struct disclosure_sums sums;
};
struct disclosure_list {
	struct disclosed *items; /* sorted by code */
	size_t count, capacity;
	struct map places;
};
struct disclosure {
	day_t counted_at, known_at;
	struct disclosure_sums organ_and_institution;
	struct disclosure_sums by_debtor_kind[DEBTOR_KINDS];
	struct disclosure_list departments; /* of organs and institutions, those that owe */
	/* Every unit of the kind that there is on the counted day, or that owes. */
	struct disclosure_list enterprises, institutions;
	const struct facts *facts;
	const struct review_book *reviews;
};

/* What one obligation adds, judged on the counted day: its parts whose rolled due day has come and
 * that are neither paid nor in dispute at that day's end. 0 unless covered. */
fen_t disclosure_amount(const struct obligation_state *state, day_t counted_at);

/* Judges all groups on counted_at with reversals known on known_at; reviews NULL: nobody has looked. Release with
 * disclosure_free. */
void disclosure_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const struct review_book *reviews, day_t counted_at,
	day_t known_at, struct disclosure *ret);
void disclosure_free(struct disclosure *disclosure);

#endif
