#include "checks/clock_days.h"

#include "core/money.h"

#include <string.h>

enum { WHOLE_PPM = 1000000, INSTALMENT_MAX = 1000000000 };

struct clock_days clock_days_stated(const struct obligation_fact *obligation, day_t as_of)
{
	day_t delivered = day_known(obligation->delivered_on, as_of);

	return (struct clock_days){ .delivered = delivered,
		.accepted = day_known(obligation->accepted_on, as_of),
		.settled = day_known(obligation->settled_on, as_of),
		.inspected_from = delivered,
		.delivery_event = MAP_NONE,
		.acceptance_event = MAP_NONE,
		.settlement_event = MAP_NONE };
}

/* Whose event it is ---------------------------------------------------------------------------- */

static bool has_clock(const struct obligation_fact *obligation)
{
	return obligation->kind == KIND_DELIVERY || obligation->kind == KIND_PROGRESS;
}

/* "contract_no#3" -> 3; 0 if the number does not name an instalment. */
static int64_t instalment_named(const struct obligation_fact *obligation)
{
	size_t length = strlen(obligation->contract_no);
	const char *digit = obligation->obligation_no + length;
	int64_t number = 0;

	if (strncmp(obligation->obligation_no, obligation->contract_no, length) != 0 ||
		*digit++ != '#')
		return 0;
	for (; *digit >= '0' && *digit <= '9' && number < INSTALMENT_MAX; digit++)
		number = number * 10 + (*digit - '0');
	return *digit ? 0 : number;
}

/* The contract has no other debt that waits for an event. */
static bool is_alone(const struct facts_index *index, uint32_t contract)
{
	const struct index_lists *lists = &index->contract_obligations;
	int count = 0;

	for (uint32_t i = lists->start[contract]; i < lists->start[contract + 1]; i++)
		count += has_clock(&index->facts->obligations.items[lists->items[i]]);
	return count == 1;
}

/* 0: cannot be told. */
static int64_t instalment_of(const struct facts_index *index,
	const struct obligation_fact *obligation, uint32_t contract)
{
	int64_t named = instalment_named(obligation);

	return named > 0 ? named : is_alone(index, contract);
}

bool clock_event_is_of(const struct facts_index *index, uint32_t obligation, uint32_t contract,
	const struct event_fact *event)
{
	const struct obligation_fact *debt = &index->facts->obligations.items[obligation];

	return has_clock(debt) && event->instalment == instalment_of(index, debt, contract);
}

/* What the events come to ---------------------------------------------------------------------- */

struct reading {
	const struct facts_index *index;
	const struct obligation_fact *debt;
	const struct contract_fact *contract;
	int64_t instalment; /* 0: cannot be told */
	bool named;         /* by the debt's number */
	uint32_t first, last;
	day_t as_of;
};

static const struct event_fact *event_at(const struct reading *reading, uint32_t i)
{
	return &reading->index->facts->events.items[reading->index->contract_events.items[i]];
}

static bool is_part(const struct event_fact *event)
{
	return event->result == EVENT_PARTIAL ||
	       (event->part_ppm != NUMBER_NONE && event->part_ppm < WHOLE_PPM);
}

/* It happened, so far as it says: an acceptance only with its result. */
static bool counts(const struct event_fact *event)
{
	return event->result != EVENT_FAILED &&
	       (event->kind != EVENT_ACCEPTANCE || event->result != EVENT_UNSTATED);
}

static bool is_known(const struct reading *reading, const struct event_fact *event)
{
	return event->happened_on <= reading->as_of && event->instalment == reading->instalment;
}

/* Parts of the debt in fen · 1000000. */
static wide_t weight_of(const struct reading *reading, const struct event_fact *event)
{
	if (event->part_ppm != NUMBER_NONE)
		return (wide_t)event->part_ppm * reading->debt->amount_fen;
	return event->amount_fen == NUMBER_NONE ? 0 : (wide_t)event->amount_fen * WHOLE_PPM;
}

/* Row of the event of the kind that counts, MAP_NONE if none does. */
static uint32_t event_of(const struct reading *reading, enum event_kind kind)
{
	const struct event_fact *events = reading->index->facts->events.items;
	uint32_t whole = MAP_NONE, part = MAP_NONE;
	wide_t parts = 0;

	for (uint32_t i = reading->first; i < reading->last; i++) {
		const struct event_fact *event = event_at(reading, i);
		uint32_t *last = is_part(event) ? &part : &whole;

		if (event->kind != kind || !is_known(reading, event) || !counts(event))
			continue;
		if (is_part(event))
			parts += weight_of(reading, event);
		if (*last == MAP_NONE || event->happened_on >= events[*last].happened_on)
			*last = reading->index->contract_events.items[i];
	}
	if (part != MAP_NONE && parts >= (wide_t)reading->debt->amount_fen * WHOLE_PPM &&
		parts > 0 &&
		(whole == MAP_NONE || events[part].happened_on > events[whole].happened_on))
		return part;
	return whole;
}

/* P-3.3: works are delivered by handing them over, else by handing in the final account. */
static uint32_t delivery_of(const struct reading *reading)
{
	uint32_t event = event_of(reading, EVENT_DELIVERY);

	if (event != MAP_NONE || reading->debt->delivered_on != DAY_NONE ||
		reading->contract->clock_basis != CLOCK_DELIVERY)
		return event;
	event = event_of(reading, EVENT_HANDOVER);
	if (event != MAP_NONE || reading->contract->agreed_term != NUMBER_NONE)
		return event;
	return event_of(reading, EVENT_FINAL_ACCOUNT);
}

static void take(const struct reading *reading, uint32_t event, day_t stated, day_t *day,
	uint32_t *ret_event, bool *differs)
{
	day_t happened;

	if (event == MAP_NONE)
		return;
	happened = reading->index->facts->events.items[event].happened_on;
	if (stated != DAY_NONE) {
		*differs = *differs || stated != happened;
		return;
	}
	*day = happened;
	*ret_event = event;
}

/* A delivery was inspected within the agreed period, or where none was agreed at any time, and did not pass as a whole. */
static bool did_not_pass(const struct reading *reading, day_t delivered)
{
	int64_t period = reading->contract->inspection_days;

	for (uint32_t i = reading->first; i < reading->last; i++) {
		const struct event_fact *event = event_at(reading, i);

		if (event->kind == EVENT_ACCEPTANCE && is_known(reading, event) &&
			(event->result == EVENT_FAILED || (counts(event) && is_part(event))) &&
			event->happened_on >= delivered &&
			(period == NUMBER_NONE || event->happened_on - delivered <= period))
			return true;
	}
	return false;
}

static day_t awaited(const struct reading *reading, const struct clock_days *days)
{
	switch (reading->contract->clock_basis) {
	case CLOCK_SETTLEMENT:
		return days->settled;
	case CLOCK_ACCEPTANCE:
		return days->accepted;
	case CLOCK_DELIVERY:
	default:
		return days->delivered;
	}
}

static bool is_awaited(const struct reading *reading, enum event_kind kind)
{
	switch (reading->contract->clock_basis) {
	case CLOCK_SETTLEMENT:
		return kind == EVENT_SETTLEMENT;
	case CLOCK_ACCEPTANCE:
		return kind == EVENT_ACCEPTANCE;
	case CLOCK_DELIVERY:
	default:
		return kind == EVENT_DELIVERY || kind == EVENT_HANDOVER;
	}
}

/* The clock waits for an event, and one of that kind is there: of no debt that can be told, without a result, or of a part. */
static bool leaves_unused(const struct reading *reading, const struct clock_days *days)
{
	if (awaited(reading, days) != DAY_NONE)
		return false;
	for (uint32_t i = reading->first; i < reading->last; i++) {
		const struct event_fact *event = event_at(reading, i);

		if (event->happened_on > reading->as_of || !is_awaited(reading, event->kind) ||
			event->result == EVENT_FAILED)
			continue;
		if (event->instalment == reading->instalment || !reading->named)
			return true;
	}
	return false;
}

struct clock_days clock_days_of(
	const struct facts_index *index, uint32_t obligation, uint32_t contract, day_t as_of)
{
	const struct facts *facts = index->facts;
	const struct obligation_fact *debt = &facts->obligations.items[obligation];
	struct clock_days days = clock_days_stated(debt, as_of);
	struct reading reading = { .index = index,
		.debt = debt,
		.contract = &facts->contracts.items[contract],
		.first = index->contract_events.start[contract],
		.last = index->contract_events.start[contract + 1],
		.as_of = as_of };

	if (reading.first == reading.last || !has_clock(debt))
		return days;
	reading.named = instalment_named(debt) > 0;
	reading.instalment = instalment_of(index, debt, contract);
	take(&reading, delivery_of(&reading), debt->delivered_on, &days.delivered,
		&days.delivery_event, &days.differs);
	take(&reading, event_of(&reading, EVENT_ACCEPTANCE), debt->accepted_on, &days.accepted,
		&days.acceptance_event, &days.differs);
	take(&reading, event_of(&reading, EVENT_SETTLEMENT), debt->settled_on, &days.settled,
		&days.settlement_event, &days.differs);
	days.inspected_from = days.delivered != DAY_NONE && did_not_pass(&reading, days.delivered)
				      ? DAY_NONE
				      : days.delivered;
	days.unused = leaves_unused(&reading, &days);
	return days;
}
