/* Bills that were given and have not matured: what they will put on debts, and debts whose payment they put off. */
#include "checks/arrears_own.h"

#include <stdlib.h>

#include "checks/payment.h"
#include "checks/sums.h"
#include "core/mem.h"

/* Issued by the as-of day, matures after it. Notes when that changes. */
static bool is_running(struct arrears_run *run, const struct payment_fact *bill)
{
	if (bill->instrument != INSTRUMENT_BILL)
		return false;
	arrears_note_change(run, bill->voucher_on);
	return day_known(bill->voucher_on, run->q->as_of) != DAY_NONE &&
	       bill->matures_on > run->q->as_of;
}

static void add_bills(struct arrears_run *run, uint32_t group)
{
	struct arrears_scratch *scratch = run->scratch;
	const struct facts_index *index = run->q->index;
	const struct index_lists *lists = &index->group_payments;

	scratch->payment_count = 0;
	for (uint32_t i = lists->start[group]; i < lists->start[group + 1]; i++) {
		const struct payment_fact *bill = &index->facts->payments.items[lists->items[i]];
		fen_t amount;
		day_t day;

		if (!is_running(run, bill))
			continue;
		amount = payment_net(index, lists->items[i], bill->matures_on,
			run->q->reversals_known_on, &day, NULL, NULL);
		if (amount == 0)
			continue;
		MEM_GROW(scratch->payments, scratch->payment_count, scratch->payment_capacity);
		scratch->payments[scratch->payment_count++] =
			(struct payment_work){ lists->items[i], day, amount, bill->voucher_no };
	}
}

/* A bill that matures too late for the debt leaves it to be paid in time. */
static void on_ordered(void *arg, size_t debt, fen_t amount)
{
	struct arrears_run *run = arg;
	struct obligation_state *state = &run->scratch->states[debt];

	if (state->due.rolled != DAY_NONE && run->paying->day <= state->due.rolled)
		sum_add(&state->ordered, amount);
}

void arrears_order_bills(struct arrears_run *run, uint32_t group)
{
	add_bills(run, group);
	if (run->scratch->payment_count > 0)
		arrears_spread(run, on_ordered);
}

/* P-5: a bill that names a debt and matures only after the debt's due day puts the payment off. One that names no debt says
 * of none that it does. */
static void look_at_bill(struct arrears_run *run, uint32_t row)
{
	const struct facts_index *index = run->q->index;
	const struct payment_fact *bill = &index->facts->payments.items[row];
	struct obligation_state *state;
	uint32_t place;
	bool fault;
	day_t day;

	if (bill->instrument != INSTRUMENT_BILL || !*bill->obligation_no)
		return;
	place = arrears_named_state(run, bill, &fault);
	if (place == MAP_NONE)
		return;
	state = &run->scratch->states[place];
	if (day_known(bill->voucher_on, run->q->as_of) != DAY_NONE &&
		state->coverage == COVERAGE_COVERED && state->outstanding > 0 &&
		state->due.rolled != DAY_NONE && bill->matures_on > state->due.rolled &&
		payment_net(index, row, bill->matures_on, run->q->reversals_known_on, &day, NULL,
			NULL) > 0)
		state->hints |= HINT_LATE_BILL;
}

void arrears_look_at_bills(struct arrears_run *run, uint32_t group)
{
	const struct index_lists *payments = &run->q->index->group_payments;

	for (uint32_t i = payments->start[group]; i < payments->start[group + 1]; i++)
		look_at_bill(run, payments->items[i]);
}
