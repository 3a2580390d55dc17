/* Running totals that cannot wrap: past the range they stay at MONEY_FEN_MAX, which every publisher
 * refuses (json_fen). One overflow check at the end instead of one error path per addition. */
#ifndef SETASIDE_CHECKS_SUMS_H
#define SETASIDE_CHECKS_SUMS_H

#include "core/money.h"

static inline void sum_add(fen_t *total, fen_t amount)
{
	if (*total == MONEY_FEN_MAX || amount == MONEY_FEN_MAX || !money_add(*total, amount, total))
		*total = MONEY_FEN_MAX;
}

#endif
