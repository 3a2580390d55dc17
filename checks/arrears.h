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

#include "checks/due.h"
#include "checks/facts.h"
#include "checks/index.h"
#include "checks/law.h"
#include "checks/unit_tree.h"

enum coverage {
	COVERAGE_COVERED,
	COVERAGE_PREPAYMENT,
	COVERAGE_UNKNOWN_SIZE,
	COVERAGE_INDIVIDUAL,
	COVERAGE_DEPOSIT,
	COVERAGE_NOT_COVERED,
	COVERAGE_COUNT
};
const char *coverage_name(enum coverage coverage);

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

enum rate_basis { RATE_BLANK, RATE_AGREED, RATE_FLOOR, RATE_STATUTORY, RATE_LPR_MISSING };
const char *rate_basis_name(enum rate_basis basis);

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
};
enum { FLAG_COUNT = 9 };
const char *obligation_flag_name(int bit); /* 0 … FLAG_COUNT - 1 */

/* A piece of an obligation with its own due day: the normal part, and the formerly disputed part
 * (G-42). */
struct obligation_part {
	fen_t amount, open;    /* open: still owed on the as-of day */
	day_t nominal, rolled; /* DAY_NONE = no due day, or not to be found */
	int32_t overdue_days;  /* > 0 while open and past due, else 0 */
};

struct obligation_state {
	uint32_t obligation, contract; /* row numbers in the facts */
	enum debtor_kind debtor_kind;
	enum coverage coverage;
	enum obligation_status status;
	struct due_answer due;
	const char *department; /* on the as-of day */
	fen_t amount, paid, outstanding, undisputed, disputed, overdue;
	int32_t overdue_days;
	day_t overdue_since; /* rolled due day of the oldest overdue part; DAY_NONE when nothing is
	                        overdue */
	struct obligation_part parts[2];
	int part_count;

	enum rate_basis rate_basis;
	int64_t rate_ppm; /* per year, as stated; statutory: 365 days of 0.05 % */
	int day_base;
	int64_t lpr_ppm; /* at signing, -1 unknown */
	fen_t interest, interest_alt;
	unsigned flags;

	/* Later days without a new run (valid for as_of < day < next_change_on): interest before
	 * the cap is accrual_interest(state, day), overdue days are day - overdue_since. */
	wide_t day_product; /* sum of open amount × days overdue up to as_of, fen·day */
	fen_t accruing;     /* what each further day adds to it */
	fen_t cap_left; /* what the contract's cap leaves this obligation; NUMBER_NONE = no cap */
	day_t next_change_on; /* earliest later day on which a stored event or a due day changes
	                         this group; DAY_NONE */
};

/* Interest by P-7 for a day-product. False when it does not fit. */
bool interest_of(wide_t day_product, enum rate_basis basis, int64_t rate_ppm, int day_base,
	const struct law *law, day_t signed_on, fen_t *ret);
/* Interest of this state on a later day, cap of the contract applied to this obligation alone. */
fen_t accrual_interest(const struct law *law, const struct obligation_state *state, day_t signed_on,
	day_t as_of, day_t later);

/* Money that found no debt, and faults of payments (G-40, G-41, G-45). */
struct group_money {
	fen_t unallocated;
};

enum payment_fault {
	PAYMENT_BILL_MATURITY_MISSING,
	PAYMENT_UNMATCHED,
	PAYMENT_DAY_MISSING,
	PAYMENT_NEGATIVE,
	REVERSAL_EXCEEDS_PAYMENT,
	REVERSAL_UNKNOWN_VOUCHER,
	PAYMENT_FAULT_COUNT
};
const char *payment_fault_name(enum payment_fault fault); /* the finding's name */

struct arrears_scratch;
struct arrears_visitor {
	/* Every known obligation of a group, in file order, states of one group in one call. May be
	 * NULL. */
	void (*group)(void *arg, const struct obligation_state *states, size_t count);
	/* One finding about a payment row. May be NULL. */
	void (*fault)(void *arg, enum payment_fault fault, uint32_t payment);
	/* What the trail of allocation was: payment row, obligation row, amount. For evidence; may
	 * be NULL. */
	void (*applied)(void *arg, uint32_t payment, day_t day, uint32_t obligation, fen_t amount);
	void *arg;
};
struct arrears_question {
	const struct law *law;
	const struct facts_index *index;
	const struct unit_tree *units;
	day_t as_of, reversals_known_on;
};

struct arrears_scratch *arrears_scratch_new(void);
void arrears_scratch_free(struct arrears_scratch *scratch);
/* One group. Adds to *money. */
void arrears_judge_group(const struct arrears_question *question, uint32_t group,
	struct arrears_scratch *scratch, const struct arrears_visitor *visitor,
	struct group_money *money);
/* All groups and the orphan payments. */
void arrears_judge_all(const struct arrears_question *question,
	const struct arrears_visitor *visitor, struct group_money *money);

/* All states, for callers that want them in one array (order: group, then file). Free with free().
 */
struct arrears_result {
	struct obligation_state *states;
	size_t count, capacity;
	fen_t unallocated;
};
void arrears_collect(const struct arrears_question *question, struct arrears_result *ret);

#endif
