#include "checks/practice.h"

#include <stdlib.h>

#include "checks/sums.h"
#include "core/mem.h"

enum { YEAR_MONTHS = 12 };

const char *practice_share_name(int share)
{
	static const char *const names[PRACTICE_SHARES] = { "within_30", "from_31_to_60", "over_60",
		"within_terms", "late_because_disputed" };

	return names[share];
}

void practice_init(struct practice *practice, day_t as_of)
{
	*practice = (struct practice){ .from = day_add_months(as_of, -YEAR_MONTHS) + 1,
		.as_of = as_of };
}

static void add_share(struct practice *practice, enum practice_share share, fen_t amount)
{
	practice->share_count[share]++;
	sum_add(&practice->share_amount[share], amount);
}

/* After the due day of what nobody disputed. A part in dispute has a later day of its own (P-6), and keeping it is no
 * default; but the money came late, and the dispute is why. */
static bool paid_after_terms(const struct obligation_state *state)
{
	return state->paid_late ||
	       (state->due.rolled != DAY_NONE && state->last_paid_on > state->due.rolled);
}

void practice_add(struct practice *practice, const struct obligation_state *state)
{
	fen_t amount = state->amount - state->given_up;
	int64_t days;

	if (state->coverage != COVERAGE_COVERED || state->outstanding != 0 || state->amount <= 0 ||
		state->due.start == DAY_NONE || state->last_paid_on == DAY_NONE ||
		state->last_paid_on < practice->from || state->last_paid_on > practice->as_of)
		return;
	/* Paid before the clock started: no days at all. */
	days = state->last_paid_on > state->due.start ? state->last_paid_on - state->due.start : 0;
	MEM_GROW(practice->debts, practice->count, practice->capacity);
	practice->debts[practice->count++] = (struct practice_debt){ days, amount };
	sum_add(&practice->amount, amount);
	add_share(practice,
		days <= 30   ? PRACTICE_WITHIN_30
		: days <= 60 ? PRACTICE_31_TO_60
			     : PRACTICE_OVER_60,
		amount);
	if (!paid_after_terms(state))
		add_share(practice, PRACTICE_WITHIN_TERMS, amount);
	else if (state->excused)
		add_share(practice, PRACTICE_LATE_DISPUTED, amount);
}

static int compare_debts(const void *a, const void *b)
{
	const struct practice_debt *x = a, *y = b;

	return (x->days > y->days) - (x->days < y->days);
}

static int64_t hundredths(wide_t sum, wide_t of)
{
	return (int64_t)((sum * 200 + of) / (of * 2));
}

/* The day by which half of the money had been paid. */
static int64_t median_by_value(const struct practice *practice)
{
	wide_t total = 0, reached = 0;
	size_t i = 0;

	for (size_t k = 0; k < practice->count; k++)
		total += practice->debts[k].amount;
	while (i < practice->count - 1) {
		reached += practice->debts[i].amount;
		if (reached * 2 >= total)
			break;
		i++;
	}
	return practice->debts[i].days;
}

void practice_finish(struct practice *practice)
{
	wide_t days = 0, day_fen = 0, fen = 0;

	if (practice->count == 0)
		return;
	qsort(practice->debts, practice->count, sizeof(*practice->debts), compare_debts);
	for (size_t i = 0; i < practice->count; i++) {
		days += practice->debts[i].days;
		fen += practice->debts[i].amount;
		day_fen += (wide_t)practice->debts[i].amount * practice->debts[i].days;
	}
	practice->average_hundredths = hundredths(days, (wide_t)practice->count);
	practice->average_by_value_hundredths = hundredths(day_fen, fen);
	practice->median_days = practice->debts[(practice->count - 1) / 2].days;
	practice->median_by_value_days = median_by_value(practice);
}

void practice_free(struct practice *practice)
{
	free(practice->debts);
	practice->debts = NULL;
	practice->count = 0;
}
