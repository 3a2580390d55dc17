/* The yearly disclosure of overdue debts (D-1, D-2, G-51). */
#ifndef SETASIDE_CHECKS_DISCLOSURE_H
#define SETASIDE_CHECKS_DISCLOSURE_H

#include "checks/arrears.h"
#include "core/map.h"

struct disclosure_sums {
	int64_t contracts, obligations;
	fen_t amount;
};
struct department_disclosure {
	const char *department;
	struct disclosure_sums sums;
};
struct disclosure {
	day_t counted_at, known_at;
	struct disclosure_sums organ_and_institution;
	struct disclosure_sums by_debtor_kind[DEBTOR_KINDS];
	struct department_disclosure *departments; /* of organs and institutions; sorted */
	size_t department_count, department_capacity;
	struct map places;
	struct department_disclosure
		*enterprises; /* D-2: by the enterprise's own unit code; sorted */
	size_t enterprise_count, enterprise_capacity;
	struct map enterprise_places;
	const struct facts *facts;
};

/* What one obligation adds, judged on the counted day: its parts whose rolled due day has come and
 * that are neither paid nor in dispute at that day's end. 0 unless covered. */
fen_t disclosure_amount(const struct obligation_state *state, day_t counted_at);

/* Judges all groups on counted_at with reversals known on known_at. Release with disclosure_free.
 */
void disclosure_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, day_t counted_at, day_t known_at, struct disclosure *ret);
void disclosure_free(struct disclosure *disclosure);

#endif
