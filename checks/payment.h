/* The day a payment counts and what is left of it after reversals (P-4, P-5, G-40, G-41). */
#ifndef SETASIDE_CHECKS_PAYMENT_H
#define SETASIDE_CHECKS_PAYMENT_H

#include "checks/index.h"

enum payment_fault {
	PAYMENT_BILL_MATURITY_MISSING,
	PAYMENT_UNMATCHED, /* names a debt that is unknown or of another contract, or an unknown
			      contract */
	PAYMENT_DAY_MISSING,
	PAYMENT_NEGATIVE, /* negative without naming a voucher */
	REVERSAL_EXCEEDS_PAYMENT,
	REVERSAL_UNKNOWN_VOUCHER,
	PAYMENT_FAULT_COUNT
};
const char *payment_fault_name(enum payment_fault fault); /* the finding's name */
typedef void (*payment_fault_fn)(void *arg, enum payment_fault fault, uint32_t payment);

/* cash: received, else cleared, else voucher day; bill: maturity only. DAY_NONE: it is no payment
 * (yet). */
day_t payment_day(const struct payment_fact *payment);
/* The day a reversal is known: received, else cleared, else voucher day, also when a bill comes
 * back. */
day_t reversal_day(const struct payment_fact *payment);

/* What counts of payment row `payment` on as_of, with reversals known on reversals_known_on: 0 if
 * it is not known yet, void, or no payment. Faults go to fn (may be NULL). *ret_day is its day. */
fen_t payment_net(const struct facts_index *index, uint32_t payment, day_t as_of,
	day_t reversals_known_on, day_t *ret_day, payment_fault_fn fn, void *arg);

#endif
