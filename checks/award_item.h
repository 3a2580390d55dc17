/* What one contract adds to the award basis (Q-6, Q-7, Q-12, Q-13, G-21 … G-27). */
#ifndef SETASIDE_CHECKS_AWARD_ITEM_H
#define SETASIDE_CHECKS_AWARD_ITEM_H

#include "checks/index.h"
#include "checks/law.h"
#include "checks/register_book.h"
#include "checks/unit_tree.h"

enum award_finding {
	AWARD_SHARE_MISSING = 1,
	AWARD_SHARE_INVALID = 2,
	AWARD_RESERVED_TO_LARGE = 4,
	AWARD_RESERVED_TO_LARGE_CONTROLLED = 8,
	AWARD_SIZE_UNKNOWN = 16
};
enum { AWARD_FINDING_COUNT = 5 };
const char *award_finding_name(int bit); /* "share-missing", … */

/* The part of a contract's money that goes to a group, exact: num / den. */
struct award_share {
	int64_t num, den; /* den > 0 */
};

struct award_part {
	bool counted; /* G-21, G-23 */
	fen_t amount; /* with amendments by the day (G-22) */
	fen_t sme, small_micro;
	/* Upper ends of the band: what it adds if a supplier of unknown size is small or micro, if a
	 * missing or impossible share is all of it. Else equal to the above. */
	fen_t sme_upper, small_micro_upper;
	struct award_share sme_share, small_micro_share;
	const struct register_entry *deemed, *size; /* of the register, that decided; NULL = none */
	unsigned findings;
};

/* Signed by the day and not cancelled by then (G-23). */
bool award_stands(const struct contract_fact *contract, day_t as_of);
/* Is it procurement of a public body with a project, signed in the year and by the day, and not
 * cancelled by then? */
bool award_counts(const struct facts_index *index, const struct unit_tree *units, uint32_t contract,
	int fiscal_year, day_t as_of);
/* Amount, shares, parts and findings, whether it counts or not (counted says which). */
struct award_part award_item_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, uint32_t contract, int fiscal_year, day_t as_of);
/* amount × share, rounded half up (G-02). */
fen_t award_share_of(fen_t amount, struct award_share share);

#endif
