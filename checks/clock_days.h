/* The days a debt's clock goes by, with what event records add to its own row (P-3, P-5; G-01).
 *
 * What the debt's row states wins; an event that says another day is a contradiction (`differs`). A day that the row does
 * not state comes from the events of its instalment: the number behind the last '#' of the debt's number, or instalment 1
 * where the contract has only this one debt with a clock. Read as follows, of the events known on the day:
 *   - the last of a kind counts, since a debt that was not divided is delivered when the last of it came;
 *   - parts (result partial, or a share below one) count from the day on which they make up the whole;
 *   - acceptance counts when passed: a failed one, or one without a result, starts nothing;
 *   - a failed or partial acceptance within the agreed inspection period ends that period: the debtor did inspect, and what
 *     failed waits for the next delivery or for an acceptance that passes;
 *   - works (clock by delivery): the handover where nothing was delivered, and where no term was agreed the submission of
 *     the final account. A request for inspection starts nothing. */
#ifndef SETASIDE_CHECKS_CLOCK_DAYS_H
#define SETASIDE_CHECKS_CLOCK_DAYS_H

#include "checks/index.h"

struct clock_days {
	day_t delivered, accepted, settled; /* known on the day, else DAY_NONE */
	day_t inspected_from;               /* the delivery that an inspection period runs from */
	/* Rows of the events that gave them; MAP_NONE: the debt's own row, or nothing, did. */
	uint32_t delivery_event, acceptance_event, settlement_event;
	bool differs; /* the debt's row and its events give different days */
	bool unused;  /* an event may be meant for this clock and cannot start it */
};

struct clock_days clock_days_of(
	const struct facts_index *index, uint32_t obligation, uint32_t contract, day_t as_of);
/* The same of the debt's row alone. */
struct clock_days clock_days_stated(const struct obligation_fact *obligation, day_t as_of);
/* The event is of this debt's instalment. */
bool clock_event_is_of(const struct facts_index *index, uint32_t obligation, uint32_t contract,
	const struct event_fact *event);

#endif
