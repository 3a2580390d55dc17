/* G-44: the cap of a contract on the interest of its obligations. */
#include "checks/arrears_own.h"

#include <string.h>

#include "checks/sums.h"

fen_t arrears_amended_amount(struct arrears_run *run, const struct contract_work *work)
{
	const struct facts *facts = run->q->index->facts;
	const struct index_lists *lists = &run->q->index->contract_amendments;
	fen_t amount = facts->contracts.items[work->row].amount_fen;

	for (uint32_t i = lists->start[work->row]; i < lists->start[work->row + 1]; i++) {
		const struct amendment_fact *amendment = &facts->amendments.items[lists->items[i]];

		arrears_note_change(run, amendment->amended_on);
		if (day_known(amendment->amended_on, run->q->as_of) != DAY_NONE)
			sum_add(&amount, amendment->amount_change_fen);
	}
	return amount;
}

bool arrears_before_for_cap(const struct facts *facts, const struct obligation_state *a,
	const struct obligation_state *b)
{
	if (a->due.rolled != b->due.rolled) {
		/* Without a due day: last. */
		if (a->due.rolled == DAY_NONE || b->due.rolled == DAY_NONE)
			return b->due.rolled == DAY_NONE;
		return a->due.rolled < b->due.rolled;
	}
	return strcmp(facts->obligations.items[a->obligation].obligation_no,
		       facts->obligations.items[b->obligation].obligation_no) < 0;
}

/* The first state in cap order that has not had its turn. cap_left doubles as the mark. */
static struct obligation_state *next_for_cap(
	const struct arrears_run *run, const struct contract_work *work)
{
	struct obligation_state *best = NULL;

	for (size_t i = 0; i < work->state_count; i++) {
		struct obligation_state *state = &run->scratch->states[work->first_state + i];

		if (state->cap_left == NUMBER_NONE &&
			(!best || arrears_before_for_cap(run->q->index->facts, state, best)))
			best = state;
	}
	return best;
}

/* The first later day on which the interest passes what the cap leaves; DAY_NONE if it does not in our time. */
static day_t day_of_cap(const struct obligation_state *state, fen_t left, day_t as_of)
{
	enum { DAYS_MAX = 1 << 16 };
	int low = 0, high = DAYS_MAX;

	if (interest_at(&state->rate, state->day_product + (wide_t)state->accruing * high) <= left)
		return DAY_NONE;
	while (high - low > 1) {
		int middle = (low + high) / 2;

		if (interest_at(&state->rate,
			    state->day_product + (wide_t)state->accruing * middle) > left)
			high = middle;
		else
			low = middle;
	}
	return as_of + high;
}

/* What was paid as interest (legal order only) used up the limit on the day it was paid, whatever its debt's place. */
static fen_t left_after_paid(
	const struct arrears_run *run, const struct contract_work *work, fen_t limit)
{
	for (size_t i = 0; i < work->state_count; i++)
		limit -= run->scratch->states[work->first_state + i].interest_paid;
	return limit < 0 ? 0 : limit;
}

/* G-44: the contract's limit is used up by rounded interest in order of rolled due day, then
 * number. */
void arrears_apply_cap(struct arrears_run *run, const struct contract_work *work)
{
	const struct contract_fact *contract = &run->q->index->facts->contracts.items[work->row];
	struct obligation_state *state;
	fen_t left;
	bool moving = false, depends = false;

	if (contract->late_cap_ppm == NUMBER_NONE)
		return;
	left = interest_cap(contract, &work->rate, arrears_amended_amount(run, work));
	if (left == NUMBER_NONE)
		return;
	left = left_after_paid(run, work, left);
	while ((state = next_for_cap(run, work))) {
		fen_t room = left;

		sum_add(&room, state->interest_paid);
		state->cap_left = room;
		depends = depends || (moving && (state->interest > 0 || state->accruing > 0 ||
							state->beside_product > 0));
		if (state->interest > room) {
			state->interest = room;
			state->flags |= FLAG_CAP_APPLIED;
		} else if (state->accruing > 0) {
			arrears_note_change(run, day_of_cap(state, room, run->q->as_of));
		}
		moving = moving || (state->accruing > 0 && state->interest < room);
		left = room - state->interest;
	}
	/* What one debt takes of the limit tomorrow is not left for the next: judge again daily
	 * until nothing moves. */
	if (depends)
		arrears_note_change(run, run->q->as_of + 1);
}
