/* Q-4, G-20: a project up to the threshold of its class is to be reserved as a whole, if it is suitable and reaches the
 * procurement limit of the place. Where no limit is on record nobody knows whether it is government procurement at
 * all, so nothing is found. */
#include "checks/findings_procurement.h"

#include "checks/figures.h"
#include "checks/sums.h"

/* PARAMETER_NONE: the place has none on 1 January of the year. */
static int64_t limit_of(const struct looking *l, bool works)
{
	day_t first = DAY_NONE;

	day_from_civil(l->fiscal_year, 1, 1, &first);
	return parameter_at(l->law->parameters,
		works ? PARAM_Q5_WORKS_LIMIT : PARAM_Q5_GOODS_SERVICES_LIMIT, first);
}

static fen_t budget_of(const struct looking *l, const struct plan_project *project)
{
	fen_t sum = 0;

	for (size_t i = 0; i < project->count; i++)
		sum_add(&sum, l->index->facts->budget_items.items[project->rows[i]].budget_fen);
	return sum;
}

static void of_project(const struct looking *l, const struct plan_project *project)
{
	int64_t limit = limit_of(l, project->works);
	fen_t budget = budget_of(l, project);

	if (project->over || limit == PARAMETER_NONE || budget < limit)
		return;
	for (size_t i = 0; i < project->count; i++) {
		const struct budget_item_fact *item =
			&l->index->facts->budget_items.items[project->rows[i]];
		struct plan_part part = plan_item_judge(l->law->registers, item, l->as_of);

		if (part.exempt || plan_reserved_wholly(item, &part))
			continue;
		looking_item(l, item, "small-project-not-reserved", "Q-4",
			(struct finding_value[FINDING_VALUES_MAX]){
				FINDING_NUMBER("project_budget_fen", budget),
				FINDING_NUMBER("limit_fen", limit) });
	}
}

void findings_of_small_projects(const struct looking *looking)
{
	const struct plan_rows *rows = &looking->packages->items;

	for (size_t i = 0; i < rows->count;) {
		struct plan_project project =
			figures_project(looking->law, looking->index->facts, rows, i);

		of_project(looking, &project);
		i += project.count;
	}
}
