/* Prints of states: equal prints, nothing to write.
 *
 * A print covers all that makes a stored row differ. Interest and days overdue move with the day by themselves, so the
 * day-product enters as its value on day 0 of the line that it moves along. The print of a group is the sum of those of
 * its states, whatever their order. Made for noticing change, not against forgery: whoever can write to the ledger can lie
 * in plainer ways. */
#ifndef SETASIDE_CHECKS_STATE_PRINT_H
#define SETASIDE_CHECKS_STATE_PRINT_H

#include "checks/arrears.h"
#include "core/buf.h"

struct state_print {
	uint64_t high, low;
};

/* room: scratch, used up to PRINT_BYTES_MAX, which hold the longest texts of the ledger. */
enum { PRINT_BYTES_MAX = 1 << 16 };
struct state_print state_print_of(const struct facts *facts, const struct obligation_state *state,
	day_t as_of, struct buf *room);
void state_print_add(struct state_print *sum, const struct state_print *print);
void state_print_hex(const struct state_print *print, char room[33]);

/* What the contract's cap leaves, NUMBER_NONE where that does not matter: before there is interest, other debts of the
 * contract use it up from day to day. */
fen_t state_cap_left(const struct obligation_state *state);

#endif
