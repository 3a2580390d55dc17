/* The legal order of payments, where the parties agreed on none.
 *
 * 民法典 art. 560: a payment that does not cover all debts and names none clears those that are due, among them those with no
 * or the least security, then the more burdensome, then the earlier due, then pro rata. Art. 561: of one debt it clears the
 * costs of collecting, then the interest, then the principal. allocate.c orders the debts; here is what is open of each. */
#include "checks/arrears_own.h"

#include <stdlib.h>

#include "checks/sums.h"

static int compare_for_cap(const void *a, const void *b, void *arg)
{
	const struct arrears_run *run = arg;
	const struct obligation_state *states = run->scratch->states;
	const struct facts *facts = run->q->index->facts;
	const struct obligation_state *x = &states[*(const uint32_t *)a];
	const struct obligation_state *y = &states[*(const uint32_t *)b];

	if (x == y)
		return 0;
	return arrears_before_for_cap(facts, x, y) ? -1 : 1;
}

static void order_for_cap(struct arrears_run *run, const struct contract_work *work)
{
	uint32_t *order = run->scratch->cap_order + work->first_state;

	for (size_t i = 0; i < work->state_count; i++)
		order[i] = (uint32_t)(work->first_state + i);
	if (work->state_count > 1)
		qsort_r(order, work->state_count, sizeof(*order), compare_for_cap, run);
}

void arrears_legal_begin(struct arrears_run *run)
{
	struct arrears_scratch *scratch = run->scratch;
	const struct facts *facts = run->q->index->facts;

	for (size_t i = 0; i < scratch->contract_count; i++) {
		struct contract_work *work = &scratch->contracts[i];
		const struct contract_fact *contract = &facts->contracts.items[work->row];

		work->cap_limit = contract->late_cap_ppm == NUMBER_NONE
					  ? NUMBER_NONE
					  : interest_cap(contract, &work->rate,
						    arrears_amended_amount(run, work));
		order_for_cap(run, work);
	}
	for (size_t i = 0; i < scratch->state_count; i++) {
		struct obligation_state *state = &scratch->states[i];
		const struct debt_note_fact *note = facts_debt_note(
			facts, facts->obligations.items[state->obligation].obligation_no);

		state->legal_order = true;
		state->costs = note && note->costs_fen > 0 ? note->costs_fen : 0;
		scratch->debts[i].secured = note && note->secured_fen > 0 ? note->secured_fen : 0;
	}
}

static bool bears(const struct late_rate *rate)
{
	return rate->basis == RATE_AGREED || rate->basis == RATE_FLOOR ||
	       rate->basis == RATE_STATUTORY;
}

/* Interest that has run up to a day, paid or not, without the cap. */
static fen_t accrued(const struct obligation_state *state, day_t day)
{
	wide_t product = state->day_product;

	for (size_t i = 0; i < state->part_count; i++) {
		const struct obligation_part *part = state_part(state, i);

		if (part->open > 0 && part->rolled != DAY_NONE && day > part->rolled)
			product += (wide_t)part->open * (day - part->rolled);
	}
	return bears(&state->rate) ? interest_at(&state->rate, product) : 0;
}

static fen_t principal(const struct obligation_state *state)
{
	fen_t sum = 0;

	for (size_t i = 0; i < state->part_count; i++)
		sum_add(&sum, state_part(state, i)->open);
	return sum;
}

/* The contract's cap is used up in order of due day, then number (G-44), however the file has them. */
static void open_contract(struct arrears_run *run, const struct contract_work *work, day_t day)
{
	struct arrears_scratch *scratch = run->scratch;
	fen_t left = work->cap_limit;

	for (size_t i = 0; left != NUMBER_NONE && i < work->state_count; i++)
		left -= scratch->states[work->first_state + i].interest_paid;
	for (size_t i = 0; i < work->state_count; i++) {
		uint32_t at = scratch->cap_order[work->first_state + i];
		struct obligation_state *state = &scratch->states[at];
		struct debt *debt = &scratch->debts[at];
		fen_t interest = accrued(state, day) - state->interest_paid;

		if (interest < 0)
			interest = 0;
		if (left != NUMBER_NONE) {
			interest = interest < left ? interest : left;
			left -= interest;
		}
		state->interest_due = interest;
		debt->open = principal(state);
		sum_add(&debt->open, interest);
		sum_add(&debt->open, state->costs - state->costs_paid);
	}
}

void arrears_legal_open(struct arrears_run *run, day_t day)
{
	for (size_t i = 0; i < run->scratch->contract_count; i++)
		open_contract(run, &run->scratch->contracts[i], day);
}

static fen_t take(fen_t *amount, fen_t at_most)
{
	fen_t part = *amount < at_most ? *amount : at_most;

	*amount -= part;
	return part;
}

fen_t arrears_legal_take(struct arrears_run *run, struct obligation_state *state, fen_t amount)
{
	fen_t costs = take(&amount, state->costs - state->costs_paid);
	fen_t interest = take(&amount, state->interest_due);

	state->costs_paid += costs;
	state->interest_paid += interest;
	state->interest_due -= interest;
	if (run->visitor->charged && costs + interest > 0)
		run->visitor->charged(run->visitor->arg, run->paying->row, run->paying->day,
			state->obligation, costs, interest);
	return amount;
}
