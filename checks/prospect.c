#include "checks/prospect.h"

#include <stdlib.h>

#include "checks/sums.h"
#include "core/mem.h"

/* NULL for a department that is not listed. */
static struct scope_prospect *scope_for(
	struct year_prospect *prospect, const struct year_figures *figures, const char *department)
{
	const struct scope_figures *scope = figures_department(figures, department);

	return scope ? &prospect->departments[scope - figures->departments] : NULL;
}

/* 0 for a month that has begun, that is not stated or that lies in another year: not bound to a day. */
static int month_ahead(const struct open_item *item, const struct year_figures *figures)
{
	int year, month, dom;

	if (item->planned_on == DAY_NONE || item->planned_on <= figures->as_of)
		return 0;
	day_to_civil(item->planned_on, &year, &month, &dom);
	return year == figures->fiscal_year ? month : 0;
}

static void add_open(struct scope_prospect *scope, const struct open_item *item, int month)
{
	if (!scope)
		return;
	if (item->nameable) {
		sum_add(&scope->nameable[month], item->amount);
		scope->nameable_items++;
	} else {
		sum_add(&scope->reservable[month], item->amount);
		scope->reservable_items++;
	}
}

static void add_uncounted(struct year_prospect *prospect, const struct facts *facts,
	const struct unit_tree *units, const struct year_figures *figures)
{
	for (size_t i = 0; i < facts->budget_items.count; i++) {
		const struct budget_item_fact *item = &facts->budget_items.items[i];
		struct scope_prospect *scope;

		if (item->fiscal_year != figures->fiscal_year || item->approved_on != DAY_NONE)
			continue;
		sum_add(&prospect->district.uncounted, item->budget_fen);
		scope = scope_for(prospect, figures,
			unit_tree_department(units, item->unit_code, figures->as_of));
		if (scope)
			sum_add(&scope->uncounted, item->budget_fen);
	}
}

static void add_before(struct year_prospect *prospect, const struct facts *facts,
	const struct unit_tree *units, const struct year_figures *figures)
{
	struct plan_rows rows =
		plan_effective_rows(facts, figures->fiscal_year - 1, figures->as_of);

	for (size_t i = 0; i < rows.count; i++) {
		struct scope_prospect *scope = scope_for(prospect, figures,
			figures_department_of_item(
				units, &facts->budget_items.items[rows.rows[i]]));

		prospect->district.items_before++;
		if (scope)
			scope->items_before++;
	}
	free(rows.rows);
}

void prospect_judge(const struct facts *facts, const struct unit_tree *units,
	const struct year_figures *figures, const struct open_items *open,
	struct year_prospect *ret)
{
	*ret = (struct year_prospect){
		.departments =
			mem_zero(figures->department_count + 1, sizeof(struct scope_prospect)),
		.department_count = figures->department_count,
	};
	for (size_t i = 0; i < open->count; i++) {
		const struct open_item *item = &open->items[i];
		int month = month_ahead(item, figures);

		add_open(&ret->district, item, month);
		add_open(scope_for(ret, figures, item->scope), item, month);
	}
	add_uncounted(ret, facts, units, figures);
	add_before(ret, facts, units, figures);
}

void prospect_free(struct year_prospect *prospect)
{
	free(prospect->departments);
	*prospect = (struct year_prospect){ 0 };
}
