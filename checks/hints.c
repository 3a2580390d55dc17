#include "checks/hints.h"

#include "checks/arrears.h"
#include "checks/invoice.h"

day_t hints_remind_from(const struct law *law, day_t due, int64_t workdays)
{
	bool working;
	int64_t left = 0;

	for (day_t day = due;; day--) {
		if (day_is_working(law->calendar, day, &working) != DAY_OK)
			return DAY_NONE;
		left += working;
		/* One more than wanted lies in (day - 1, due]. */
		if (left > workdays)
			return day;
	}
}

static void appears(day_t from, day_t as_of, day_t *change)
{
	if (from > as_of && (*change == DAY_NONE || from < *change))
		*change = from;
}

static void note_due_soon(struct obligation_state *state, day_t due, fen_t amount)
{
	if (state->due_soon_on == DAY_NONE || due < state->due_soon_on)
		state->due_soon_on = due;
	state->due_soon += amount;
}

static void look_ahead(
	const struct arrears_question *q, struct obligation_state *state, day_t *change)
{
	int64_t workdays = parameter_near(q->law->parameters, PARAM_E6_REMIND, q->as_of);
	fen_t ordered = state->ordered;

	state->due_soon_on = DAY_NONE;
	state->due_soon = 0;
	if (state->overdue > 0)
		return; /* it is told as overdue */
	for (size_t i = 0; i < state->part_count; i++) {
		const struct obligation_part *part = state_part(state, i);
		fen_t open = part->open > ordered ? part->open - ordered : 0;
		day_t from;

		ordered -= part->open - open;
		if (open == 0 || part->disputed || part->rolled == DAY_NONE ||
			part->rolled < q->as_of)
			continue;
		from = hints_remind_from(q->law, part->rolled, workdays);
		if (from == DAY_NONE)
			continue;
		if (q->as_of >= from)
			note_due_soon(state, part->rolled, open);
		appears(from, q->as_of, change);
	}
}

/* The day on which what is owed was due; a dispute does not move it (P-6 keeps the disputed part out of arrears only). */
static day_t owed_since(const struct obligation_state *state, day_t as_of)
{
	day_t since = state->overdue > 0 ? state->overdue_since : DAY_NONE, due = state->due.rolled;

	if (state->disputed > 0 && due != DAY_NONE && due < as_of &&
		(since == DAY_NONE || due < since))
		since = due;
	return since;
}

/* Three years run anew from every part payment, which acknowledges the debt (CC 195). A demand does so too, but is not in
 * the records: the hint may come early, never late. */
static bool limitation_near(
	const struct arrears_question *q, const struct obligation_state *state, day_t *change)
{
	day_t since = owed_since(state, q->as_of), from;

	if (since == DAY_NONE)
		return false;
	if (state->last_paid_on != DAY_NONE && state->last_paid_on > since)
		since = state->last_paid_on;
	from = day_add_months(
		since, (int)parameter_near(q->law->parameters, PARAM_P11_LIMITATION, q->as_of));
	appears(from, q->as_of, change);
	return q->as_of >= from;
}

static bool disputed_late(const struct obligation_state *state)
{
	for (size_t i = 0; i < state->part_count; i++)
		if (state_part(state, i)->late && state_part(state, i)->amount > 0)
			return true;
	return false;
}

/* A late invoice ends its objection by itself; an invoice that comes later begins it anew. */
static bool contested(
	const struct arrears_question *q, const struct obligation_state *state, day_t *change)
{
	const struct obligation_fact *debt = &q->index->facts->obligations.items[state->obligation];
	struct invoice_answer invoice = invoice_judge(
		q->law, &(struct due_question){ &q->index->facts->contracts.items[state->contract],
				debt, state->debtor_kind, state->coverage == COVERAGE_INDIVIDUAL,
				q->as_of, &state->days });

	if (!invoice.demanded)
		return false;
	if (debt->invoice_on != DAY_NONE)
		appears(debt->invoice_on, q->as_of, change);
	if (invoice.until != DAY_NONE)
		appears(invoice.until + 1, q->as_of, change);
	return invoice.objection && state->overdue > 0;
}

unsigned hints_of(const struct arrears_question *q, struct obligation_state *state, fen_t unmatched,
	day_t *change)
{
	unsigned hints = 0;

	if (state->coverage != COVERAGE_COVERED || state->outstanding == 0)
		return 0;
	look_ahead(q, state, change);
	if (state->due_soon > 0)
		hints |= HINT_DUE_SOON;
	if (state->overdue > 0 && unmatched >= state->overdue)
		hints |= HINT_MAYBE_PAID;
	if (limitation_near(q, state, change))
		hints |= HINT_LIMITATION;
	if (state->outstanding <= parameter_near(q->law->parameters, PARAM_E7_SMALL_DEBT, q->as_of))
		hints |= HINT_SMALL_DEBT;
	if (disputed_late(state))
		hints |= HINT_LATE_DISPUTE;
	if (contested(q, state, change))
		hints |= HINT_CONTESTED;
	return hints;
}
