/* Hints of the states of one group: what money that found no debt could have paid (P-8), then the others.
 *
 * Money that another unit paid to the group's payee could have paid a debt here if it was paid after that debt came into
 * being: after its contract was signed, or its delivery, whichever is earlier. One amount cannot have paid two debts:
 * it is used up in the order in which payments are put on debts, so of many debts no more are in doubt than it covers. */
#include <stdlib.h>
#include <string.h>

#include "checks/arrears_own.h"
#include "checks/hints.h"
#include "checks/sums.h"
#include "core/mem.h"

/* Of one payment; after finding, of it and all that were paid later. */
struct stray {
	day_t day;
	fen_t amount;
};
struct strays {
	struct stray *items; /* by day */
	size_t count, capacity;
	fen_t left_over; /* of the group's own payments */
	fen_t used;
};

static int compare_days(const void *a, const void *b)
{
	const struct stray *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

/* Those of the unit itself are among what its own payments left over. */
static void find_strays(struct arrears_run *run, uint32_t group, struct strays *strays)
{
	const struct facts_index *index = run->q->index;
	const struct contract_fact *contract =
		&index->facts->contracts
			 .items[index->group_contracts.items[index->group_contracts.start[group]]];
	uint32_t payee = map_get(&index->stray_payees, contract->supplier_uscc);

	if (payee == MAP_NONE)
		return;
	for (uint32_t i = index->strays.start[payee]; i < index->strays.start[payee + 1]; i++) {
		uint32_t row = index->strays.items[i];
		struct stray stray;

		if (strcmp(index->facts->payments.items[row].unit_code, contract->unit_code) == 0)
			continue;
		stray.amount = payment_net(index, row, run->q->as_of, run->q->reversals_known_on,
			&stray.day, NULL, NULL);
		arrears_note_change(run, stray.day);
		arrears_note_reversals(run, row);
		MEM_GROW(strays->items, strays->count, strays->capacity);
		strays->items[strays->count++] = stray;
	}
	if (strays->count > 1)
		qsort(strays->items, strays->count, sizeof(*strays->items), compare_days);
	for (size_t i = strays->count; i-- > 1;)
		sum_add(&strays->items[i - 1].amount, strays->items[i].amount);
}

static fen_t paid_since(const struct strays *strays, day_t since)
{
	size_t low = 0, high = strays->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strays->items[middle].day < since)
			low = middle + 1;
		else
			high = middle;
	}
	return low < strays->count ? strays->items[low].amount : 0;
}

static day_t came_into_being(const struct arrears_run *run, const struct obligation_state *state)
{
	day_t signed_on = run->q->index->facts->contracts.items[state->contract].signed_on;
	day_t delivered = state->days.delivered;

	if (signed_on == DAY_NONE || delivered == DAY_NONE)
		return signed_on == DAY_NONE ? delivered : signed_on;
	return delivered < signed_on ? delivered : signed_on;
}

/* What could have paid this debt, beside those before it. */
static fen_t could_pay(const struct arrears_run *run, const struct strays *strays,
	const struct obligation_state *state)
{
	fen_t sum = paid_since(strays, came_into_being(run, state));

	sum_add(&sum, strays->left_over);
	return sum > strays->used ? sum - strays->used : 0;
}

void arrears_give_hints(struct arrears_run *run, uint32_t group)
{
	struct strays strays = { .left_over = run->unallocated };

	find_strays(run, group, &strays);
	arrears_order_bills(run, group);
	for (size_t i = 0; i < run->scratch->state_count; i++) {
		struct obligation_state *state = &run->scratch->states[run->scratch->order[i]];

		state->hints =
			hints_of(run->q, state, could_pay(run, &strays, state), &run->next_change);
		if (state->hints & HINT_MAYBE_PAID)
			sum_add(&strays.used, state->overdue);
	}
	arrears_look_at_bills(run, group);
	free(strays.items);
}
