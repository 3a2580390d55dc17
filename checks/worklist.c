#include "checks/worklist.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

const struct worklist_order worklist_default = {
	{ WORK_VERIFIED_UNDISPUTED, WORK_SMALL_DEBT, WORK_AMOUNT_DAYS }, 3
};

static const char *const criterion_names[WORK_CRITERIA] = { "verified-undisputed", "small-debt",
	"amount-days", "amount", "days", "limitation" };

const char *worklist_criterion_name(int criterion)
{
	return criterion_names[criterion];
}

static int criterion_of(const char *word, size_t length)
{
	for (int i = 0; i < WORK_CRITERIA; i++)
		if (strlen(criterion_names[i]) == length &&
			strncmp(criterion_names[i], word, length) == 0)
			return i;
	return -1;
}

bool worklist_order_parse(const char *text, struct worklist_order *ret)
{
	unsigned seen = 0;

	*ret = (struct worklist_order){ .count = 0 };
	while (*text) {
		size_t length = strcspn(text, ", ");
		int criterion = criterion_of(text, length);

		if (criterion < 0 || seen & 1u << criterion)
			return false;
		seen |= 1u << criterion;
		ret->criteria[ret->count++] = (enum worklist_criterion)criterion;
		text += length;
		text += strspn(text, ", ");
	}
	return ret->count > 0;
}

void worklist_init(struct worklist *list, const struct facts *facts,
	const struct review_book *reviews, const struct worklist_order *order, day_t as_of)
{
	*list = (struct worklist){
		.facts = facts, .reviews = reviews, .order = *order, .as_of = as_of
	};
}

void worklist_add(struct worklist *list, const struct obligation_state *state)
{
	const char *number = list->facts->obligations.items[state->obligation].obligation_no;
	enum standing standing = standing_of(state, review_of(list->reviews, number, state));

	if (standing == STANDING_NONE || standing == STANDING_MAYBE_PAID ||
		standing == STANDING_REFUTED)
		return;
	MEM_GROW(list->rows, list->count, list->capacity);
	list->rows[list->count++] = (struct worklist_row){
		.state = state,
		.obligation_no = number,
		.standing = standing,
		.fresh = state->overdue_since == list->as_of - 1,
	};
}

/* What comes first has the larger weight. */
static wide_t weight(const struct worklist_row *row, enum worklist_criterion criterion)
{
	const struct obligation_state *state = row->state;

	switch (criterion) {
	case WORK_VERIFIED_UNDISPUTED:
		return row->standing == STANDING_VERIFIED && state->disputed == 0;
	case WORK_SMALL_DEBT:
		return (state->hints & HINT_SMALL_DEBT) != 0;
	case WORK_AMOUNT_DAYS:
		return (wide_t)state->overdue * state->overdue_days;
	case WORK_AMOUNT:
		return state->overdue;
	case WORK_DAYS:
		return state->overdue_days;
	case WORK_LIMITATION:
	default:
		return (state->hints & HINT_LIMITATION) != 0;
	}
}

static int compare_rows(const void *a, const void *b, void *arg)
{
	const struct worklist_row *x = a, *y = b;
	const struct worklist_order *order = arg;

	for (int i = 0; i < order->count; i++) {
		wide_t of_x = weight(x, order->criteria[i]), of_y = weight(y, order->criteria[i]);

		if (of_x != of_y)
			return of_x > of_y ? -1 : 1;
	}
	return strcmp(x->obligation_no, y->obligation_no);
}

void worklist_finish(struct worklist *list)
{
	if (list->count > 1)
		qsort_r(list->rows, list->count, sizeof(*list->rows), compare_rows, &list->order);
}

void worklist_free(struct worklist *list)
{
	free(list->rows);
	list->rows = NULL;
	list->count = 0;
}
