/* Every row adds to two scopes: the district and its department. Departments are found through a
 * map while adding and sorted at the end. */
#include "checks/figures.h"

#include "checks/sums.h"
#include "core/err.h"
#include "core/map.h"
#include "core/mem.h"

#include <string.h>

struct adding {
	const struct law *law;
	const struct facts_index *index;
	const struct unit_tree *units;
	struct year_figures *figures;
	struct map places; /* department -> place in figures->departments */
};

const char *figures_form_name(int form)
{
	static const char *const names[] = { "whole", "package", "consortium", "subcontract",
		"unstated" };

	return names[form];
}

const char *figures_snapshot_name(enum snapshot_kind kind)
{
	static const char *const names[] = { "initial", "adjusted", "final" };

	return names[kind];
}

/* The scope of a department, made when it is new. Good until the next new department. */
static struct scope_figures *scope_for(struct adding *adding, const char *department)
{
	struct year_figures *figures = adding->figures;
	uint32_t place = map_put(&adding->places, department, (uint32_t)figures->department_count);

	if (place != MAP_NONE)
		return &figures->departments[place];
	MEM_GROW(figures->departments, figures->department_count, figures->department_capacity);
	figures->departments[figures->department_count] =
		(struct scope_figures){ .scope = department };
	return &figures->departments[figures->department_count++];
}

const char *figures_department_of_item(
	const struct unit_tree *units, const struct budget_item_fact *item)
{
	return unit_tree_department(units, item->unit_code, item->approved_on);
}

const char *figures_department_of_contract(
	const struct unit_tree *units, const struct contract_fact *contract)
{
	return unit_tree_department(units, contract->unit_code, contract->signed_on);
}

/* Plan ---------------------------------------------------------------------------------------- */

static void add_sums(
	struct quota_sums *sums, fen_t strict, fen_t adjusted, fen_t sme, fen_t small_micro)
{
	sum_add(&sums->strict_base, strict);
	sum_add(&sums->adjusted_base, adjusted);
	sum_add(&sums->sme, sme);
	sum_add(&sums->small_micro, small_micro);
}

static void add_plan_part(struct scope_figures *scope, const struct plan_part *part)
{
	add_sums(&scope->plan, part->strict, part->adjusted, part->sme, part->small_micro);
	scope->plan_items++;
}

static void add_snapshot(struct scope_figures *scope, enum snapshot_kind kind, bool own,
	const struct plan_part *part)
{
	struct snapshot_sums *snapshot = &scope->snapshots[kind];

	add_sums(&snapshot->sums, part->strict, part->adjusted, part->sme, part->small_micro);
	snapshot->items++;
	snapshot->own_items += own;
}

static void add_snapshots(struct adding *adding, const struct plan_snapshots *package)
{
	const struct budget_item_fact *items = adding->index->facts->budget_items.items;
	struct year_figures *figures = adding->figures;
	struct plan_part part = { 0 };

	for (int kind = 0; kind < SNAPSHOT_KINDS; kind++) {
		const struct budget_item_fact *item;
		bool own;

		if (package->row[kind] == PLAN_NO_ROW)
			continue;
		item = &items[package->row[kind]];
		own = item->snapshot == (enum snapshot_kind)kind;
		if (own)
			part = plan_item_judge(adding->law->registers, item, figures->as_of);
		add_snapshot(scope_for(adding, figures_department_of_item(adding->units, item)),
			(enum snapshot_kind)kind, own, &part);
		add_snapshot(&figures->district, (enum snapshot_kind)kind, own, &part);
	}
}

struct plan_project figures_project(const struct law *law, const struct facts *facts,
	const struct plan_rows *rows, size_t first)
{
	const struct budget_item_fact *items = facts->budget_items.items;
	struct plan_project project = { rows->rows + first, 0, false, false };
	fen_t sum = 0, works = 0, others = 0;
	enum parameter limit;
	day_t day = DAY_NONE;

	for (size_t i = first; i < rows->count && plan_compare_project(&items[rows->rows[first]],
							  &items[rows->rows[i]]) == 0;
		i++) {
		const struct budget_item_fact *item = &items[rows->rows[i]];

		project.count++;
		sum_add(&sum, item->budget_fen);
		sum_add(item->class == CLASS_WORKS ? &works : &others, item->budget_fen);
	}
	project.works = works > others; /* more than half of the sum */
	limit = project.works ? PARAM_Q4_WORKS_THRESHOLD : PARAM_Q4_GOODS_SERVICES_THRESHOLD;
	day_from_civil(items[rows->rows[first]].fiscal_year, 1, 1, &day);
	project.over = sum > parameter_near(law->parameters, limit, day);
	return project;
}

static void add_q4_part(struct scope_figures *scope, const struct plan_project *project,
	const struct budget_item_fact *item, const struct plan_part *part)
{
	struct quota_sums *sums = project->works ? &scope->q4_works : &scope->q4_goods_services;

	if (part->exempt)
		return;
	if (project->over)
		add_sums(sums, part->strict, part->strict, part->sme, part->small_micro);
	else if (!plan_reserved_wholly(item, part))
		scope->q4_below_not_reserved++;
}

static void add_project(struct adding *adding, const struct plan_project *project)
{
	const struct budget_item_fact *items = adding->index->facts->budget_items.items;
	struct year_figures *figures = adding->figures;

	for (size_t i = 0; i < project->count; i++) {
		const struct budget_item_fact *item = &items[project->rows[i]];
		struct plan_part part =
			plan_item_judge(adding->law->registers, item, figures->as_of);
		struct scope_figures *scope =
			scope_for(adding, figures_department_of_item(adding->units, item));

		add_plan_part(scope, &part);
		add_plan_part(&figures->district, &part);
		add_q4_part(scope, project, item, &part);
		add_q4_part(&figures->district, project, item, &part);
	}
}

static void add_plan(struct adding *adding)
{
	const struct facts *facts = adding->index->facts;
	struct plan_rows rows =
		plan_effective_rows(facts, adding->figures->fiscal_year, adding->figures->as_of);
	_cleanup_free_ struct plan_snapshots *packages = plan_snapshot_rows(
		facts, &rows, adding->figures->fiscal_year, adding->figures->as_of);

	for (size_t i = 0; i < rows.count;) {
		struct plan_project project = figures_project(adding->law, facts, &rows, i);

		add_project(adding, &project);
		i += project.count;
	}
	for (size_t i = 0; i < rows.count; i++)
		add_snapshots(adding, &packages[i]);
	free(rows.rows);
}

/* Award and paid ------------------------------------------------------------------------------ */

int figures_form_of(enum reserve_form form)
{
	switch (form) {
	case RESERVE_WHOLE:
		return FORM_WHOLE;
	case RESERVE_PACKAGE:
		return FORM_PACKAGE;
	case RESERVE_CONSORTIUM:
		return FORM_CONSORTIUM;
	case RESERVE_SUBCONTRACT:
		return FORM_SUBCONTRACT;
	case RESERVE_UNSTATED:
		return FORM_UNSTATED;
	case RESERVE_NONE:
	default:
		return -1;
	}
}

static void add_award_part(
	struct scope_figures *scope, int form, const struct award_part *part, fen_t paid)
{
	add_sums(&scope->award, part->amount, part->amount, part->sme, part->small_micro);
	scope->award_contracts++;
	add_sums(&scope->paid, paid, paid, award_share_of(paid, part->sme_share),
		award_share_of(paid, part->small_micro_share));
	if (form < 0)
		return;
	scope->forms[form].contracts++;
	sum_add(&scope->forms[form].contract, part->amount);
	sum_add(&scope->forms[form].sme, part->sme);
	sum_add(&scope->forms[form].small_micro, part->small_micro);
}

static void add_awards(struct adding *adding, const fen_t *paid_of_contract)
{
	const struct facts *facts = adding->index->facts;
	struct year_figures *figures = adding->figures;

	for (uint32_t row = 0; row < facts->contracts.count; row++) {
		const struct contract_fact *contract = &facts->contracts.items[row];
		int form = figures_form_of(contract->reserve_form);
		struct award_part part;
		fen_t paid = paid_of_contract ? paid_of_contract[row] : 0;

		if (!award_counts(adding->index, adding->units, row, figures->fiscal_year,
			    figures->as_of))
			continue;
		part = award_item_judge(adding->law, adding->index, adding->units, row,
			figures->fiscal_year, figures->as_of);
		add_award_part(
			scope_for(adding, figures_department_of_contract(adding->units, contract)),
			form, &part, paid);
		add_award_part(&figures->district, form, &part, paid);
	}
}

void figures_paid_of_contract(const struct facts *facts, fen_t *paid_of_contract,
	const struct obligation_state *states, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (facts->obligations.items[states[i].obligation].kind != KIND_DEPOSIT)
			sum_add(&paid_of_contract[states[i].contract], states[i].paid);
	}
}

struct paying {
	const struct facts *facts;
	fen_t *paid_of_contract;
};

static void on_group(void *arg, uint32_t group, const struct obligation_state *states, size_t count)
{
	struct paying *paying = arg;

	(void)group;
	figures_paid_of_contract(paying->facts, paying->paid_of_contract, states, count);
}

fen_t *figures_paid_on(const struct arrears_question *question)
{
	const struct facts *facts = question->index->facts;
	struct paying paying = { facts, mem_zero(facts->contracts.count + 1, sizeof(fen_t)) };
	struct arrears_visitor visitor = { .group = on_group, .arg = &paying };

	arrears_judge_all(question, &visitor);
	return paying.paid_of_contract;
}

/* The year ------------------------------------------------------------------------------------ */

static void add_topmost_units(struct adding *adding, const struct facts *facts)
{
	for (size_t i = 0; i < facts->units.count; i++) {
		const struct unit_fact *unit = unit_tree_row(
			adding->units, facts->units.items[i].unit_code, adding->figures->as_of);

		if (unit && !*unit->parent_code)
			scope_for(adding, unit->unit_code);
	}
}

static int compare_scopes(const void *a, const void *b)
{
	return strcmp(
		((const struct scope_figures *)a)->scope, ((const struct scope_figures *)b)->scope);
}

/* What the sums of a part need a place for, also where no effective row of the year is. */
static void add_row_departments(struct adding *adding)
{
	const struct facts *facts = adding->index->facts;

	for (size_t i = 0; i < facts->budget_items.count; i++) {
		const struct budget_item_fact *item = &facts->budget_items.items[i];
		day_t day =
			item->approved_on == DAY_NONE ? adding->figures->as_of : item->approved_on;

		scope_for(adding, unit_tree_department(adding->units, item->unit_code, day));
	}
}

static void begin(struct adding *adding, int fiscal_year, day_t as_of)
{
	*adding->figures = (struct year_figures){
		.fiscal_year = fiscal_year, .as_of = as_of, .district = { .scope = "" }
	};
}

static void finish(struct adding *adding)
{
	struct year_figures *figures = adding->figures;

	map_free(&adding->places);
	if (figures->department_count > 1)
		qsort(figures->departments, figures->department_count,
			sizeof(*figures->departments), compare_scopes);
}

void figures_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, int fiscal_year, day_t as_of, const fen_t *paid_of_contract,
	struct year_figures *ret)
{
	struct adding adding = { law, index, units, ret, MAP_INIT };

	begin(&adding, fiscal_year, as_of);
	add_topmost_units(&adding, index->facts);
	add_plan(&adding);
	add_awards(&adding, paid_of_contract);
	finish(&adding);
}

void figures_judge_rows(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, int fiscal_year, day_t as_of, const fen_t *paid_of_contract,
	struct year_figures *ret)
{
	struct adding adding = { law, index, units, ret, MAP_INIT };

	begin(&adding, fiscal_year, as_of);
	add_row_departments(&adding);
	add_plan(&adding);
	add_awards(&adding, paid_of_contract);
	finish(&adding);
}

/* A unit that moved leaves the budget's earlier snapshots where it was. */
static bool has_numbers(const struct scope_figures *part)
{
	bool any = figures_present(part);

	for (int kind = 0; kind < SNAPSHOT_KINDS; kind++)
		any |= part->snapshots[kind].items > 0;
	return any;
}

static void add_scope(struct scope_figures *total, const struct scope_figures *part)
{
	struct scope_figures copy = *part;
	int64_t *to[FIGURES_NUMBERS], *from[FIGURES_NUMBERS];

	figures_numbers(total, to);
	figures_numbers(&copy, from);
	for (int i = 0; i < FIGURES_NUMBERS; i++)
		sum_add(to[i], *from[i]);
}

void figures_total(const struct facts *facts, const struct unit_tree *units, int fiscal_year,
	day_t as_of, const struct scope_figures *const *parts, size_t count,
	struct year_figures *ret)
{
	struct adding adding = { .units = units, .figures = ret, .places = MAP_INIT };

	begin(&adding, fiscal_year, as_of);
	add_topmost_units(&adding, facts);
	for (size_t i = 0; i < count; i++) {
		if (!has_numbers(parts[i]))
			continue;
		add_scope(scope_for(&adding, parts[i]->scope), parts[i]);
		add_scope(&ret->district, parts[i]);
	}
	finish(&adding);
}

static int sums_numbers(struct quota_sums *sums, int64_t **at)
{
	at[0] = &sums->strict_base;
	at[1] = &sums->adjusted_base;
	at[2] = &sums->sme;
	at[3] = &sums->small_micro;
	return 4;
}

void figures_numbers(struct scope_figures *scope, int64_t *ret_at[FIGURES_NUMBERS])
{
	int n = sums_numbers(&scope->plan, ret_at);

	ret_at[n++] = &scope->plan_items;
	for (int kind = 0; kind < SNAPSHOT_KINDS; kind++) {
		n += sums_numbers(&scope->snapshots[kind].sums, ret_at + n);
		ret_at[n++] = &scope->snapshots[kind].items;
		ret_at[n++] = &scope->snapshots[kind].own_items;
	}
	n += sums_numbers(&scope->award, ret_at + n);
	ret_at[n++] = &scope->award_contracts;
	for (int form = 0; form < FORM_COUNT; form++) {
		ret_at[n++] = &scope->forms[form].contracts;
		ret_at[n++] = &scope->forms[form].contract;
		ret_at[n++] = &scope->forms[form].sme;
		ret_at[n++] = &scope->forms[form].small_micro;
	}
	n += sums_numbers(&scope->paid, ret_at + n);
	n += sums_numbers(&scope->q4_goods_services, ret_at + n);
	n += sums_numbers(&scope->q4_works, ret_at + n);
	ret_at[n++] = &scope->q4_below_not_reserved;
	if (n != FIGURES_NUMBERS)
		BUG("a scope has %d numbers", n);
}

void figures_free(struct year_figures *figures)
{
	free(figures->departments);
	*figures = (struct year_figures){ 0 };
}

const struct scope_figures *figures_department(
	const struct year_figures *figures, const char *scope)
{
	struct scope_figures wanted = { .scope = scope };

	return figures->department_count == 0
		       ? NULL
		       : bsearch(&wanted, figures->departments, figures->department_count,
				 sizeof(wanted), compare_scopes);
}

bool figures_present(const struct scope_figures *scope)
{
	return scope->plan_items > 0 || scope->award_contracts > 0;
}
