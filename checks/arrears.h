/* Arrears: the state of every obligation on a day (P-1 … P-9, G-30 … G-46).
 *
 * A judge evaluates one allocation group at a time and needs nothing outside it, so groups may be
 * streamed. It allocates only in the scratch, which grows to the largest group and is reused.
 *
 * Two days steer it: as_of (events after it are not known, G-01) and reversals_known_on (normally
 * the same; the disclosure of D-1 looks at 31 December with reversals known up to the reporting
 * day, G-51). */
#ifndef SETASIDE_CHECKS_ARREARS_H
#define SETASIDE_CHECKS_ARREARS_H

#include "checks/coverage.h"
#include "checks/dispute.h"
#include "checks/due.h"
#include "checks/hints.h"
#include "checks/index.h"
#include "checks/interest.h"
#include "checks/payment.h"
#include "checks/unit_tree.h"

enum obligation_status {
	STATUS_NOT_COVERED,
	STATUS_PAID,
	STATUS_PAID_LATE,
	STATUS_OVERDUE,
	STATUS_DISPUTED,
	STATUS_CALENDAR_MISSING,
	STATUS_DATA_MISSING,
	STATUS_CLOCK_NOT_STARTED,
	STATUS_NO_STATUTORY_TERM,
	STATUS_NOT_DUE,
	STATUS_COUNT
};
const char *obligation_status_name(enum obligation_status status);

/* Bits of obligation_state.flags, in the order they are printed. */
enum obligation_flag {
	FLAG_RATE_BELOW_FLOOR = 1 << 0,
	FLAG_CALENDAR_MISSING = 1 << 1,
	FLAG_ACCEPTANCE_STALLED = 1 << 2,
	FLAG_TERM_CAPPED = 1 << 3,
	FLAG_TRANSITION = 1 << 4,
	FLAG_LONG_TERM_REVIEW = 1 << 5,
	FLAG_STATUS_NOT_STATED = 1 << 6,
	FLAG_CAP_APPLIED = 1 << 7,
	FLAG_DISPUTED_EXCEEDS_AMOUNT = 1 << 8,
	FLAG_LPR_MISSING = 1 << 9,
	FLAG_EVENT_DIFFERS = 1 << 10,
	FLAG_EVENT_UNUSED = 1 << 11
};
enum { FLAG_COUNT = 12 };
const char *obligation_flag_name(int bit); /* 0 … FLAG_COUNT - 1 */

enum { PARTS_NEAR = 2 }; /* few debts have more */

struct obligation_state {
	uint32_t obligation, contract; /* row numbers in the facts */
	enum debtor_kind debtor_kind;  /* on the signing day */
	struct size_verdict size;      /* of the creditor at signing (G-32) */
	enum coverage coverage;
	enum obligation_status status;
	struct clock_days days; /* known on the day */
	struct due_answer due;
	const char *department; /* on the as-of day */
	fen_t amount, paid, outstanding, undisputed, disputed, overdue;
	int32_t overdue_days; /* of the part longest overdue */
	day_t overdue_since;  /* its rolled due day; DAY_NONE when nothing is overdue */
	day_t last_paid_on;   /* of the last payment that cleared something; DAY_NONE = none */
	bool paid_late;       /* some principal was open after its due day */
	fen_t ordered; /* of what is open: bills were given for it that mature by the due day */
	/* In the order in which payments clear them: state_part(). Those beyond the first PARTS_NEAR are the scratch's, as
	 * long as it lives. */
	struct obligation_part parts[PARTS_NEAR], *more_parts;
	size_t part_count;
	fen_t given_up; /* of the amount, by settlements of disputes (P-6) */
	bool excused; /* a dispute that was opened by the due day stood after it: being paid late may be its doing */

	struct late_rate rate; /* basis BLANK on lists without interest */
	fen_t interest, interest_alt;
	/* Legal order only (民法典 art. 561): what payments put on costs and on interest; interest counts what was paid of
	 * it, too. interest_due is of the last payment day. */
	bool legal_order;
	fen_t costs, costs_paid, interest_paid, interest_due;
	unsigned flags; /* enum obligation_flag */
	unsigned hints; /* enum obligation_hint */
	/* With HINT_DUE_SOON: the first day on which a part is due that the reminder is of, and what is open of all such
	 * parts and not ordered. The due day of the debt may lie behind: of a dispute that was settled since. */
	day_t due_soon_on;
	fen_t due_soon;

	/* Later days without a new run: see arrears_interest_on(). */
	wide_t day_product; /* open amount × days overdue, summed up to as_of: fen·days */
	fen_t accruing;     /* what each further day adds to it */
	/* P-6: of what was disputed only after the due day of the debt, from that day to the end of the dispute: what that
	 * would add to day_product, and each further day to it. */
	wide_t beside_product;
	fen_t beside_accruing;
	fen_t cap_left; /* what the contract's cap leaves this obligation; NUMBER_NONE = no cap */
	day_t next_change_on; /* earliest later day on which a stored event or a due day changes
			       * anything in the group but days and interest; DAY_NONE = never */
};

static inline const struct obligation_part *state_part(
	const struct obligation_state *state, size_t place)
{
	return place < PARTS_NEAR ? &state->parts[place] : &state->more_parts[place - PARTS_NEAR];
}

/* Interest on a later day: exact for as_of <= later < next_change_on, where days overdue are later
 * - overdue_since. */
fen_t arrears_interest_on(const struct obligation_state *state, day_t as_of, day_t later);

/* P-6: the interest that would have run by as_of on what was disputed late, while it was, had it not been disputed; at most
 * what the contract's cap leaves beside the debt's own interest. 0 without a due day. */
fen_t arrears_interest_beside(const struct obligation_state *state);

struct arrears_question {
	const struct law *law;
	const struct facts_index *index;
	const struct unit_tree *units;
	day_t as_of, reversals_known_on;
	/* Payments clear costs, then interest, then principal, and debts in the order of 民法典 art. 560 (P-8), instead of
	 * principal first, as vouchers that name the price do. */
	bool legal_order;
};

struct arrears_visitor {
	/* The known obligations of a group (contract signed by as_of, or without a signing day), by
	 * contract, then in file order; may be none. NULL: not wanted. */
	void (*group)(
		void *arg, uint32_t group, const struct obligation_state *states, size_t count);
	/* A fault of a payment row. NULL: not wanted. */
	payment_fault_fn fault;
	/* What a payment put on an obligation, in order of payment. NULL: not wanted. */
	void (*applied)(void *arg, uint32_t payment, day_t day, uint32_t obligation, fen_t amount);
	/* Legal order: what it put on costs and interest. NULL: not wanted. */
	void (*charged)(void *arg, uint32_t payment, day_t day, uint32_t obligation, fen_t costs,
		fen_t interest);
	void *arg;
};

struct arrears_scratch;
struct arrears_scratch *arrears_scratch_new(void);
void arrears_scratch_free(struct arrears_scratch *scratch);

/* One group; returns the money that found no debt. The states are good during the visit only; copies of them are as long as
 * the scratch lives. */
fen_t arrears_judge_group(const struct arrears_question *question, uint32_t group,
	struct arrears_scratch *scratch, const struct arrears_visitor *visitor);
/* The payments that belong to no group: faults, and their sum. */
fen_t arrears_judge_orphans(
	const struct arrears_question *question, const struct arrears_visitor *visitor);
/* All groups in order, then the orphans. */
fen_t arrears_judge_all(
	const struct arrears_question *question, const struct arrears_visitor *visitor);

#endif
