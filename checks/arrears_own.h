/* What the files of arrears.h share about the judging of one group. Not for others. */
#ifndef SETASIDE_CHECKS_ARREARS_OWN_H
#define SETASIDE_CHECKS_ARREARS_OWN_H

#include "checks/allocate.h"
#include "checks/arrears.h"

/* What all obligations of one contract share. */
struct contract_work {
	uint32_t row;
	enum debtor_kind debtor;
	struct size_verdict size;
	enum coverage coverage;
	struct late_rate rate;
	const char *department;
	size_t first_state, state_count;
	fen_t cap_limit; /* legal order: of the contract's interest; NUMBER_NONE = no cap */
};

struct payment_work {
	uint32_t row;
	day_t day;
	fen_t amount;
	const char *voucher_no;
};

struct arrears_scratch {
	struct contract_work *contracts;
	size_t contract_count, contract_capacity;
	struct obligation_state *states;
	size_t state_count, state_capacity;
	struct payment_work *payments;
	size_t payment_count, payment_capacity;
	struct debt *debts;
	size_t debt_capacity;
	struct dispute_room disputes; /* of the obligation looked at */
	void **more_parts;            /* allocations of states */
	size_t more_count, more_capacity;
	uint32_t *order;     /* of debts, for allocation */
	uint32_t *cap_order; /* legal order: of each contract's states, from its first state on */
	/* obligation row -> state; an entry counts only if that state is of this row, so it needs
	 * no clearing */
	uint32_t *state_of;
	size_t state_of_count;
};

/* Carried through one group. */
struct arrears_run {
	const struct arrears_question *q;
	struct arrears_scratch *scratch;
	const struct arrears_visitor *visitor;
	const struct payment_work *paying;
	day_t next_change;
	fen_t unallocated;
	applied_fn applied; /* of the spreading under way */
};

/* Notes a later day on which something in the group changes. */
void arrears_note_change(struct arrears_run *run, day_t day);

/* The same of the days on which a payment is reversed, later than the as-of day. */
void arrears_note_reversals(struct arrears_run *run, uint32_t payment);

/* The state a payment names: MAP_NONE with *ret_fault when the name is wrong, without when its
 * contract is only signed later. */
uint32_t arrears_named_state(
	const struct arrears_run *run, const struct payment_fact *payment, bool *ret_fault);
/* Spreads scratch->payments over what is open of the debts, in order of day and voucher; returns the surplus. */
fen_t arrears_spread(struct arrears_run *run, applied_fn applied);

/* arrears_hints.c: the hints of every state (checks/hints.h), once the states are done. */
void arrears_give_hints(struct arrears_run *run, uint32_t group);

/* arrears_bill.c: what bills that were given will put on debts by their due days (state->ordered); hints on those that
 * mature too late, once the states have their hints. */
void arrears_order_bills(struct arrears_run *run, uint32_t group);
void arrears_look_at_bills(struct arrears_run *run, uint32_t group);

/* arrears_cap.c: the contract's amount with its amendments; cuts the interest of its obligations to the cap. */
fen_t arrears_amended_amount(struct arrears_run *run, const struct contract_work *work);
void arrears_apply_cap(struct arrears_run *run, const struct contract_work *work);
/* The order in which obligations of one contract use its cap up: rolled due day, then number (G-44). */
bool arrears_before_for_cap(const struct facts *facts, const struct obligation_state *a,
	const struct obligation_state *b);

/* arrears_legal.c, the legal order (民法典 art. 560, 561): what costs and security each debt has, once; what is open of
 * each on a payment day, before the payment; what of an amount put on a debt goes to its principal, the rest having paid
 * its costs and its interest up to that day. */
void arrears_legal_begin(struct arrears_run *run);
void arrears_legal_open(struct arrears_run *run, day_t day);
fen_t arrears_legal_take(struct arrears_run *run, struct obligation_state *state, fen_t amount);

#endif
