#include "checks/disclosure.h"

#include "checks/sums.h"
#include "core/mem.h"

#include <string.h>

fen_t disclosure_amount(const struct obligation_state *state, day_t counted_at)
{
	fen_t sum = 0;

	if (state->coverage != COVERAGE_COVERED)
		return 0;
	for (size_t i = 0; i < state->part_count; i++) {
		const struct obligation_part *part = state_part(state, i);

		if (!part->disputed && part->rolled != DAY_NONE && part->rolled <= counted_at)
			sum_add(&sum, part->open);
	}
	return sum;
}

static struct disclosure_sums *sums_of(struct disclosure_list *list, const char *code)
{
	uint32_t place = map_put(&list->places, code, (uint32_t)list->count);

	if (place != MAP_NONE)
		return &list->items[place].sums;
	MEM_GROW(list->items, list->count, list->capacity);
	list->items[list->count] = (struct disclosed){ .code = code };
	return &list->items[list->count++].sums;
}

/* NULL: units of the kind report as part of something else. */
static struct disclosure_list *reporters(struct disclosure *disclosure, enum debtor_kind kind)
{
	if (debtor_is_enterprise(kind))
		return &disclosure->enterprises;
	return kind == DEBTOR_INSTITUTION ? &disclosure->institutions : NULL;
}

struct owed {
	fen_t amount;
	bool new_contract;
	enum standing standing;
};

static void add(struct disclosure_sums *sums, const struct owed *owed)
{
	sums->contracts += owed->new_contract;
	sums->obligations++;
	sum_add(&sums->amount, owed->amount);
	if (owed->standing == STANDING_VERIFIED) {
		sums->verified_obligations++;
		sum_add(&sums->verified, owed->amount);
	} else if (owed->standing == STANDING_REFUTED) {
		sums->refuted_obligations++;
		sum_add(&sums->refuted, owed->amount);
	}
}

static enum standing standing_in(
	const struct disclosure *disclosure, const struct obligation_state *state)
{
	const char *number = disclosure->facts->obligations.items[state->obligation].obligation_no;

	return standing_of(state, review_of(disclosure->reviews, number, state));
}

static void on_group(void *arg, uint32_t group, const struct obligation_state *states, size_t count)
{
	struct disclosure *disclosure = arg;
	uint32_t last_contract = MAP_NONE;

	(void)group;
	for (size_t i = 0; i < count; i++) {
		const struct obligation_state *state = &states[i];
		struct owed owed = { .amount = disclosure_amount(state, disclosure->counted_at) };
		struct disclosure_list *list;

		if (owed.amount == 0)
			continue;
		owed.new_contract = state->contract != last_contract;
		owed.standing = standing_in(disclosure, state);
		last_contract = state->contract;
		add(&disclosure->by_debtor_kind[state->debtor_kind], &owed);
		list = reporters(disclosure, state->debtor_kind);
		if (list)
			add(sums_of(list,
				    disclosure->facts->contracts.items[state->contract].unit_code),
				&owed);
		/* Headline of D-1: organs and institutions; groups and enterprises stand apart. */
		if (state->debtor_kind != DEBTOR_ORGAN && state->debtor_kind != DEBTOR_INSTITUTION)
			continue;
		add(&disclosure->organ_and_institution, &owed);
		add(sums_of(&disclosure->departments, state->department), &owed);
	}
}

static void add_silent(struct disclosure *disclosure, const struct unit_tree *units)
{
	const struct facts *facts = disclosure->facts;

	for (size_t i = 0; i < facts->units.count; i++) {
		const struct unit_fact *unit = &facts->units.items[i];
		struct disclosure_list *list = reporters(disclosure, unit->kind);

		if (list && unit_tree_row(units, unit->unit_code, disclosure->counted_at) == unit)
			sums_of(list, unit->unit_code);
	}
}

static int compare_codes(const void *a, const void *b)
{
	return strcmp(((const struct disclosed *)a)->code, ((const struct disclosed *)b)->code);
}

static void finish(struct disclosure_list *list)
{
	if (list->count > 1)
		qsort(list->items, list->count, sizeof(*list->items), compare_codes);
	map_free(&list->places);
}

void disclosure_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const struct review_book *reviews, day_t counted_at,
	day_t known_at, struct disclosure *ret)
{
	struct arrears_question question = { law, index, units, counted_at, known_at, false };
	struct arrears_visitor visitor = { .group = on_group, .arg = ret };

	*ret = (struct disclosure){ .counted_at = counted_at,
		.known_at = known_at,
		.facts = index->facts,
		.reviews = reviews };
	arrears_judge_all(&question, &visitor);
	add_silent(ret, units);
	finish(&ret->departments);
	finish(&ret->enterprises);
	finish(&ret->institutions);
}

void disclosure_free(struct disclosure *disclosure)
{
	free(disclosure->departments.items);
	free(disclosure->enterprises.items);
	free(disclosure->institutions.items);
	*disclosure = (struct disclosure){ 0 };
}
