/* Awards of feeds (OCDS): the share of SMEs per buyer as a band, because a supplier's size is often
 * not stated.
 *
 * An award's value is counted once, whatever the number of its suppliers. lower = surely SME (every
 * party surely is); upper = may be SME (at least one party may be). Never zero for "unknown". Per
 * buyer and currency. */
#ifndef SETASIDE_CHECKS_AWARD_BAND_H
#define SETASIDE_CHECKS_AWARD_BAND_H

#include "checks/facts.h"
#include "checks/register_book.h"

struct award_band {
	const char *buyer; /* unit_code, or the buyer's name where no code is known */
	const char *currency;
	bool by_name;           /* buyer is a name */
	int64_t awards, valued; /* all; those with a stated amount */
	fen_t base, sme_lower, sme_upper, small_micro_lower, small_micro_upper;
};
struct award_bands {
	struct award_band *items; /* sorted by currency, then buyer */
	size_t count, capacity;
};

/* Awards dated in the year (0 = any) and by the as-of day; an award without a date counts for year
 * 0 only. */
void award_bands_judge(const struct register_book *registers, const struct facts *facts, int year,
	day_t as_of, struct award_bands *ret);
void award_bands_free(struct award_bands *bands);

#endif
