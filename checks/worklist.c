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
	*list = (struct worklist){ .facts = facts,
		.reviews = reviews,
		.order = *order,
		.as_of = as_of,
		.since = as_of - 1 };
	for (size_t i = 0; i < facts->budget_items.count; i++)
		if (*facts->budget_items.items[i].name &&
			*facts->budget_items.items[i].project_code)
			map_set(&list->projects, facts->budget_items.items[i].project_code,
				(uint32_t)i);
	list->before = mem_zero(facts->obligations.count + 1, sizeof(*list->before));
	list->listed = mem_zero(facts->obligations.count + 1, sizeof(*list->listed));
	list->open = mem_zero(facts->obligations.count + 1, sizeof(*list->open));
}

static bool is_overdue(const struct obligation_state *state)
{
	return state->coverage == COVERAGE_COVERED && state->overdue > 0;
}

void worklist_add_before(struct worklist *list, const struct obligation_state *state)
{
	if (!is_overdue(state))
		return;
	list->before[state->obligation] = state->overdue;
	list->listed[state->obligation] = true;
}

static void add_cleared(struct worklist *list, const char *number, fen_t before)
{
	MEM_GROW(list->cleared, list->cleared_count, list->cleared_capacity);
	list->cleared[list->cleared_count++] = (struct worklist_cleared){ number, before };
}

void worklist_add_told(struct worklist *list, const struct debt_before *debt, uint32_t obligation)
{
	if (obligation == MAP_NONE) {
		add_cleared(list, debt->obligation_no, debt->overdue);
		return;
	}
	list->before[obligation] = debt->overdue;
	list->listed[obligation] = debt->suspected;
}

void worklist_add(struct worklist *list, const struct obligation_state *state)
{
	const char *number = list->facts->obligations.items[state->obligation].obligation_no;
	enum standing standing = standing_of(state, review_of(list->reviews, number, state));

	list->open[state->obligation] = is_overdue(state);
	if (standing == STANDING_NONE || standing == STANDING_MAYBE_PAID ||
		standing == STANDING_REFUTED)
		return;
	MEM_GROW(list->rows, list->count, list->capacity);
	list->rows[list->count++] = (struct worklist_row){
		.state = state,
		.obligation_no = number,
		.standing = standing,
		.fresh = !list->listed[state->obligation],
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

static void find_cleared(struct worklist *list)
{
	for (size_t i = 0; i < list->facts->obligations.count; i++) {
		if (list->before[i] == 0 || list->open[i])
			continue;
		add_cleared(list, list->facts->obligations.items[i].obligation_no, list->before[i]);
	}
}

static int compare_cleared(const void *a, const void *b)
{
	return strcmp(((const struct worklist_cleared *)a)->obligation_no,
		((const struct worklist_cleared *)b)->obligation_no);
}

const char *worklist_project_name(const struct worklist *list, const struct worklist_row *row)
{
	const struct contract_fact *contract = &list->facts->contracts.items[row->state->contract];
	const struct debt_note_fact *note = facts_debt_note(list->facts, row->obligation_no);
	uint32_t row_no;

	if (note && *note->project_name)
		return note->project_name;
	row_no = *contract->project_code ? map_get(&list->projects, contract->project_code)
					 : MAP_NONE;
	return row_no == MAP_NONE ? "" : list->facts->budget_items.items[row_no].name;
}

void worklist_finish(struct worklist *list)
{
	find_cleared(list);
	if (list->cleared_count > 1)
		qsort(list->cleared, list->cleared_count, sizeof(*list->cleared), compare_cleared);
	if (list->count > 1)
		qsort_r(list->rows, list->count, sizeof(*list->rows), compare_rows, &list->order);
}

void worklist_free(struct worklist *list)
{
	free(list->rows);
	free(list->cleared);
	free(list->before);
	free(list->listed);
	free(list->open);
	map_free(&list->projects);
	*list = (struct worklist){ 0 };
}
