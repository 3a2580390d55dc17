#include "checks/phase.h"

#include "checks/due.h"

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

static bool has_budget(const struct year_figures *figures, const char *department)
{
	const struct scope_figures *scope = figures_department(figures, department);

	return scope && scope->plan_items > 0;
}

static bool had_budget(const struct year_figures *figures, const struct year_prospect *prospect,
	const char *department)
{
	const struct scope_figures *scope = figures_department(figures, department);

	return scope && prospect->departments[scope - figures->departments].items_before > 0;
}

/* Counts the expected departments and those of them that are still waited for. */
static struct year_phase count_departments(const struct facts *facts, const struct unit_tree *units,
	const struct year_figures *figures, const struct year_prospect *prospect)
{
	struct year_phase count = {
		.phase = PHASE_IN_YEAR, .closed_on = DAY_NONE, .closed_by = ""
	};
	bool all_in = find_mark(facts, MARK_BUDGET_COMPLETE, "", figures) != NULL;

	for (size_t i = 0; i < facts->units.count; i++) {
		const struct unit_fact *unit = &facts->units.items[i];

		if (*unit->parent_code || !debtor_is_public(unit->kind) ||
			unit_tree_row(units, unit->unit_code, figures->as_of) != unit)
			continue;
		if (prospect->district.items_before > 0 &&
			!had_budget(figures, prospect, unit->unit_code) &&
			!has_budget(figures, unit->unit_code))
			continue;
		count.expected++;
		if (!all_in && !has_budget(figures, unit->unit_code) &&
			!find_mark(facts, MARK_BUDGET_COMPLETE, unit->unit_code, figures))
			count.waiting++;
	}
	return count;
}

struct year_phase phase_judge(const struct facts *facts, const struct unit_tree *units,
	const struct year_figures *figures, const struct year_prospect *prospect)
{
	struct year_phase phase = count_departments(facts, units, figures, prospect);
	const struct year_mark_fact *closed = find_mark(facts, MARK_CLOSED, "", figures);
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
