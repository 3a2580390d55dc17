#include "lib/small_quota.h"

#include <stdio.h>
#include <string.h>

#include "core/err.h"

static void add_unit(
	struct facts *facts, const char *code, const char *parent, enum debtor_kind kind)
{
	struct unit_fact *unit = facts_add_unit(facts);

	unit->unit_code = facts_text(facts, code);
	unit->name = unit->unit_code;
	unit->parent_code = facts_text(facts, parent);
	unit->kind = kind;
}

struct facts *quota_facts(void)
{
	struct facts *facts = facts_new();

	add_unit(facts, "100", "", DEBTOR_ORGAN);
	add_unit(facts, "101", "100", DEBTOR_INSTITUTION);
	add_unit(facts, "200", "", DEBTOR_ORGAN);
	return facts;
}

struct budget_item_fact *quota_item(
	struct facts *facts, const char *unit_code, const char *project_code, fen_t budget)
{
	struct budget_item_fact *item = facts_add_budget_item(facts);

	item->fiscal_year = QUOTA_YEAR;
	item->unit_code = facts_text(facts, unit_code);
	item->project_code = facts_text(facts, project_code);
	item->name = item->project_code;
	item->approved_on = text_day("2026-01-15", 10);
	item->class = CLASS_SERVICES;
	item->budget_fen = budget;
	return item;
}

struct budget_item_fact *quota_reserved(struct facts *facts, const char *unit_code,
	const char *project_code, fen_t budget, enum reserved_for reserved_for)
{
	struct budget_item_fact *item = quota_item(facts, unit_code, project_code, budget);

	item->reserve_form = RESERVE_WHOLE;
	item->reserved_for = reserved_for;
	return item;
}

struct contract_fact *quota_contract(
	struct facts *facts, const char *unit_code, const char *project_code, fen_t amount)
{
	struct contract_fact *contract = facts_add_contract(facts);
	char number[64];

	snprintf(number, sizeof(number), "HT-%zu", facts->contracts.count);
	contract->contract_no = facts_text(facts, number);
	contract->unit_code = facts_text(facts, unit_code);
	contract->project_code = facts_text(facts, project_code);
	contract->signed_on = text_day("2026-03-01", 10);
	contract->amount_fen = amount;
	return contract;
}

struct quota_case quota_case_judge(
	const struct law *law, const struct facts *facts, const char *as_of)
{
	return quota_case_judge_paid(law, facts, as_of, NULL);
}

struct quota_case quota_case_judge_paid(
	const struct law *law, const struct facts *facts, const char *as_of, const fen_t *paid)
{
	struct quota_case judged = { .index = facts_index_new(facts),
		.units = unit_tree_new(facts) };
	day_t day = text_day(as_of, strlen(as_of));

	figures_judge(law, judged.index, judged.units, QUOTA_YEAR, day, paid, &judged.figures);
	outlook_judge(law, judged.index, judged.units, &judged.figures, paid, &judged.outlook);
	return judged;
}

void quota_case_free(struct quota_case *judged)
{
	outlook_free(&judged->outlook);
	figures_free(&judged->figures);
	unit_tree_free(judged->units);
	facts_index_free(judged->index);
}

const struct scope_figures *quota_case_figures(const struct quota_case *judged, const char *scope)
{
	const struct scope_figures *found =
		*scope ? figures_department(&judged->figures, scope) : &judged->figures.district;

	if (!found)
		BUG("no department %s", scope);
	return found;
}

const struct scope_outlook *quota_case_outlook(const struct quota_case *judged, const char *scope)
{
	const struct scope_outlook *found = outlook_of(&judged->outlook, scope);

	if (!found)
		BUG("no department %s", scope);
	return found;
}
