#include "checks/arrears_report.h"

#include "checks/sums.h"
#include "core/mem.h"

#include <string.h>

static const int32_t bucket_last[AGEING_BUCKETS] = { 30, 60, 90, 180, 365, INT32_MAX };

int ageing_bucket(int32_t overdue_days)
{
	int bucket = 0;

	if (overdue_days <= 0)
		return -1;
	while (overdue_days > bucket_last[bucket])
		bucket++;
	return bucket;
}

const char *ageing_bucket_name(int bucket)
{
	static const char *const names[] = { "0-30", "31-60", "61-90", "91-180", "181-365",
		">365" };

	return names[bucket];
}

static struct arrears_sums *department_for(struct arrears_report *report, const char *department)
{
	uint32_t place =
		map_put(&report->department_places, department, (uint32_t)report->department_count);

	if (place != MAP_NONE)
		return &report->departments[place].sums;
	MEM_GROW(report->departments, report->department_count, report->department_capacity);
	report->departments[report->department_count] =
		(struct department_arrears){ .department = department };
	return &report->departments[report->department_count++].sums;
}

void arrears_report_init(struct arrears_report *report, const struct facts *facts,
	const struct unit_tree *units, day_t as_of)
{
	*report = (struct arrears_report){ .units = units };
	for (size_t i = 0; i < facts->units.count; i++) {
		const struct unit_fact *unit =
			unit_tree_row(units, facts->units.items[i].unit_code, as_of);

		if (unit && !*unit->parent_code)
			department_for(report, unit->unit_code);
	}
}

static void add_state(
	struct arrears_sums *sums, const struct obligation_state *state, bool first_overdue)
{
	sums->present = true;
	sums->overdue_obligations += state->overdue > 0;
	sums->overdue_contracts += first_overdue;
	sum_add(&sums->overdue, state->overdue);
	sum_add(&sums->interest, state->interest);
	sum_add(&sums->undisputed, state->undisputed);
	sum_add(&sums->disputed, state->disputed);
	sum_add(&sums->outstanding, state->outstanding);
	if (state->overdue_days > sums->max_overdue_days)
		sums->max_overdue_days = state->overdue_days;
}

static void add_ageing(struct arrears_report *report, const struct obligation_state *state)
{
	for (size_t i = 0; i < state->part_count; i++) {
		const struct obligation_part *part = state_part(state, i);
		int bucket = ageing_bucket(part->overdue_days);

		if (bucket < 0)
			continue;
		report->ageing[bucket].parts++;
		sum_add(&report->ageing[bucket].fen, part->open);
	}
}

static void add_list(struct arrears_report *report, const struct obligation_state *state)
{
	report->status_counts[state->coverage][state->status]++;
	report->lists[state->coverage].obligations++;
	report->lists[state->coverage].overdue_obligations += state->overdue > 0;
	sum_add(&report->lists[state->coverage].outstanding, state->outstanding);
	sum_add(&report->lists[state->coverage].overdue, state->overdue);
	sum_add(&report->lists[state->coverage].interest, state->interest);
}

/* The states of one contract lie together, so a contract is new when its number differs from that
 * of the last overdue one. */
void arrears_report_add(
	struct arrears_report *report, const struct obligation_state *states, size_t count)
{
	uint32_t last_contract = MAP_NONE;

	for (size_t i = 0; i < count; i++) {
		const struct obligation_state *state = &states[i];
		bool first_overdue;

		add_list(report, state);
		if (state->coverage != COVERAGE_COVERED)
			continue;
		first_overdue = state->overdue > 0 && state->contract != last_contract;
		if (first_overdue)
			last_contract = state->contract;
		add_state(&report->district, state, first_overdue);
		add_state(&report->by_debtor_kind[state->debtor_kind], state, first_overdue);
		add_state(department_for(report, state->department), state, first_overdue);
		add_ageing(report, state);
	}
}

static int compare_departments(const void *a, const void *b)
{
	return strcmp(((const struct department_arrears *)a)->department,
		((const struct department_arrears *)b)->department);
}

void arrears_report_finish(struct arrears_report *report, fen_t unallocated)
{
	report->unallocated = unallocated;
	if (report->department_count > 1)
		qsort(report->departments, report->department_count, sizeof(*report->departments),
			compare_departments);
	map_free(&report->department_places);
}

void arrears_report_free(struct arrears_report *report)
{
	map_free(&report->department_places);
	free(report->departments);
	report->departments = NULL;
}
