#include "checks/disclosure.h"

#include "checks/sums.h"
#include "core/mem.h"

#include <string.h>

fen_t disclosure_amount(const struct obligation_state *state, day_t counted_at)
{
	fen_t sum = 0;

	if (state->coverage != COVERAGE_COVERED)
		return 0;
	for (int i = 0; i < state->part_count; i++) {
		const struct obligation_part *part = &state->parts[i];

		if (!part->disputed && part->rolled != DAY_NONE && part->rolled <= counted_at)
			sum_add(&sum, part->open);
	}
	return sum;
}

static struct disclosure_sums *department_for(struct disclosure *disclosure, const char *department)
{
	uint32_t place =
		map_put(&disclosure->places, department, (uint32_t)disclosure->department_count);

	if (place != MAP_NONE)
		return &disclosure->departments[place].sums;
	MEM_GROW(disclosure->departments, disclosure->department_count,
		disclosure->department_capacity);
	disclosure->departments[disclosure->department_count] =
		(struct department_disclosure){ .department = department };
	return &disclosure->departments[disclosure->department_count++].sums;
}

static struct disclosure_sums *enterprise_for(struct disclosure *disclosure, const char *unit_code)
{
	uint32_t place = map_put(
		&disclosure->enterprise_places, unit_code, (uint32_t)disclosure->enterprise_count);

	if (place != MAP_NONE)
		return &disclosure->enterprises[place].sums;
	MEM_GROW(disclosure->enterprises, disclosure->enterprise_count,
		disclosure->enterprise_capacity);
	disclosure->enterprises[disclosure->enterprise_count] =
		(struct department_disclosure){ .department = unit_code };
	return &disclosure->enterprises[disclosure->enterprise_count++].sums;
}

static void add(struct disclosure_sums *sums, fen_t amount, bool new_contract)
{
	sums->contracts += new_contract;
	sums->obligations++;
	sum_add(&sums->amount, amount);
}

static void on_group(void *arg, uint32_t group, const struct obligation_state *states, size_t count)
{
	struct disclosure *disclosure = arg;
	uint32_t last_contract = MAP_NONE;

	(void)group;
	for (size_t i = 0; i < count; i++) {
		const struct obligation_state *state = &states[i];
		fen_t amount = disclosure_amount(state, disclosure->counted_at);
		bool new_contract = state->contract != last_contract;

		if (amount == 0)
			continue;
		last_contract = state->contract;
		add(&disclosure->by_debtor_kind[state->debtor_kind], amount, new_contract);
		if (debtor_is_enterprise(state->debtor_kind))
			add(enterprise_for(disclosure,
				    disclosure->facts->contracts.items[state->contract].unit_code),
				amount, new_contract);
		/* Headline of D-1: organs and institutions; groups and enterprises stand apart. */
		if (state->debtor_kind != DEBTOR_ORGAN && state->debtor_kind != DEBTOR_INSTITUTION)
			continue;
		add(&disclosure->organ_and_institution, amount, new_contract);
		add(department_for(disclosure, state->department), amount, new_contract);
	}
}

static int compare_departments(const void *a, const void *b)
{
	return strcmp(((const struct department_disclosure *)a)->department,
		((const struct department_disclosure *)b)->department);
}

void disclosure_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, day_t counted_at, day_t known_at, struct disclosure *ret)
{
	struct arrears_question question = { law, index, units, counted_at, known_at, false };
	struct arrears_visitor visitor = { .group = on_group, .arg = ret };

	*ret = (struct disclosure){
		.counted_at = counted_at, .known_at = known_at, .facts = index->facts
	};
	arrears_judge_all(&question, &visitor);
	if (ret->department_count > 1)
		qsort(ret->departments, ret->department_count, sizeof(*ret->departments),
			compare_departments);
	map_free(&ret->places);
	if (ret->enterprise_count > 1)
		qsort(ret->enterprises, ret->enterprise_count, sizeof(*ret->enterprises),
			compare_departments);
	map_free(&ret->enterprise_places);
}

void disclosure_free(struct disclosure *disclosure)
{
	free(disclosure->departments);
	free(disclosure->enterprises);
	*disclosure = (struct disclosure){ 0 };
}
