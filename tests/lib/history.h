/* Generated histories: a few contracts of a few pairs of unit and supplier with all that can happen to them, the same for
 * the same seed on every machine. For property tests. Days lie in 2025 and 2026, whose calendar is known. */
#ifndef SETASIDE_TESTS_HISTORY_H
#define SETASIDE_TESTS_HISTORY_H

#include "checks/facts.h"

struct history_options {
	/* disputes: what rows say of them, and records of them, none to several of a debt */
	bool disputes, amendments, caps, reversals, payments;
	/* Everything that starts or moves a clock, and every signing, lies on or before this day; payments may follow. */
	day_t clocks_until;
};

/* facts_free */
struct facts *history_new(uint64_t seed, const struct history_options *options);
/* The next pseudo-random number below limit. */
uint32_t history_random(uint64_t *seed, uint32_t limit);
/* The same rows in another order: contracts, obligations, payments, disputes, suppliers, amendments each shuffled. */
void history_shuffle(struct facts *facts, uint64_t seed);

#endif
