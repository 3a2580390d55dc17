#include "checks/phase.h"

#include "checks/due.h"
#include "core/map.h"

#include <stdlib.h>
#include <string.h>

const char *quota_phase_name(enum quota_phase phase)
{
	static const char *const names[] = { "collecting", "in-year", "preliminary", "final" };

	return names[phase];
}

const char *quota_phase_words(enum quota_phase phase)
{
	static const char *const words[] = { "预算未齐", "年度执行中", "年度初步", "年度终版" };

	return words[phase];
}

/* The latest mark of that kind that is known on the day, NULL if there is none. */
static const struct year_mark_fact *find_mark(const struct facts *facts, enum year_mark mark,
	const char *unit_code, const struct year_figures *figures)
{
	const struct year_mark_fact *found = NULL;

	for (size_t i = 0; i < facts->year_marks.count; i++) {
		const struct year_mark_fact *row = &facts->year_marks.items[i];

		if (row->mark == mark && row->fiscal_year == figures->fiscal_year &&
			*row->marked_by && strcmp(row->unit_code, unit_code) == 0 &&
			day_known(row->marked_on, figures->as_of) != DAY_NONE &&
			(!found || row->marked_on >= found->marked_on))
			found = row;
	}
	return found;
}

/* Departments with budget rows of the year before, on the same day. */
struct before {
	struct map departments;
	bool any;
};

static struct before year_before(const struct facts *facts, const struct unit_tree *units,
	const struct year_figures *figures)
{
	struct before before = { MAP_INIT, false };
	struct plan_rows rows =
		plan_effective_rows(facts, figures->fiscal_year - 1, figures->as_of);

	before.any = rows.count > 0;
	for (size_t i = 0; i < rows.count; i++)
		map_put(&before.departments,
			figures_department_of_item(units, &facts->budget_items.items[rows.rows[i]]),
			1);
	free(rows.rows);
	return before;
}

static bool has_budget(const struct year_figures *figures, const char *department)
{
	const struct scope_figures *scope = figures_department(figures, department);

	return scope && scope->plan_items > 0;
}

/* Counts the expected departments and calls fn for those still waited for. */
static struct year_phase count_departments(const struct facts_index *index,
	const struct unit_tree *units, const struct year_figures *figures, waiting_fn fn, void *arg)
{
	const struct facts *facts = index->facts;
	struct before before = year_before(facts, units, figures);
	struct year_phase count = {
		.phase = PHASE_IN_YEAR, .closed_on = DAY_NONE, .closed_by = ""
	};
	bool all_in = find_mark(facts, MARK_BUDGET_COMPLETE, "", figures) != NULL;

	for (size_t i = 0; i < facts->units.count; i++) {
		const struct unit_fact *unit = &facts->units.items[i];

		if (*unit->parent_code || !debtor_is_public(unit->kind) ||
			unit_tree_row(units, unit->unit_code, figures->as_of) != unit)
			continue;
		if (before.any && map_get(&before.departments, unit->unit_code) == MAP_NONE &&
			!has_budget(figures, unit->unit_code))
			continue;
		count.expected++;
		if (all_in || has_budget(figures, unit->unit_code) ||
			find_mark(facts, MARK_BUDGET_COMPLETE, unit->unit_code, figures))
			continue;
		count.waiting++;
		if (fn)
			fn(arg, unit);
	}
	map_free(&before.departments);
	return count;
}

void phase_waiting(const struct facts_index *index, const struct unit_tree *units,
	const struct year_figures *figures, waiting_fn fn, void *arg)
{
	count_departments(index, units, figures, fn, arg);
}

struct year_phase phase_judge(const struct facts_index *index, const struct unit_tree *units,
	const struct year_figures *figures)
{
	struct year_phase phase = count_departments(index, units, figures, NULL, NULL);
	const struct year_mark_fact *closed = find_mark(index->facts, MARK_CLOSED, "", figures);
	day_t last = DAY_NONE;

	day_from_civil(figures->fiscal_year, 12, 31, &last);
	if (figures->as_of > last) {
		phase.phase = PHASE_PRELIMINARY;
		/* Closing a year that still ran closes nothing. */
		if (closed && closed->marked_on > last) {
			phase.phase = PHASE_FINAL;
			phase.closed_on = closed->marked_on;
			phase.closed_by = closed->marked_by;
		}
	} else if (phase.waiting > 0 || figures->district.plan_items == 0) {
		phase.phase = PHASE_COLLECTING;
	}
	return phase;
}
