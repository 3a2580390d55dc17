/* Buying without a budget or above it (E-4). Only where the project of the same unit has a budget in the year: a budget that is
 * not on record says nothing of what was bought. Contracts that run for years may rightly exceed the budget of one, so both are
 * questions to the desk that keeps the records. */
#include "checks/findings_procurement.h"

#include "checks/sums.h"

/* With its changes up to the day, those that take away too. */
static fen_t value_of(const struct looking *l, uint32_t row)
{
	const struct facts *facts = l->index->facts;
	const struct index_lists *lists = &l->index->contract_amendments;
	fen_t sum = facts->contracts.items[row].amount_fen;

	for (uint32_t i = lists->start[row]; i < lists->start[row + 1]; i++) {
		const struct amendment_fact *amendment = &facts->amendments.items[lists->items[i]];

		if (day_known(amendment->amended_on, l->as_of) != DAY_NONE)
			sum_add(&sum, amendment->amount_change_fen);
	}
	return sum;
}

/* Buying over the budget is an act of the day on which the last of them was signed. */
static day_t last_signed(const struct looking *l, const uint32_t *contracts, size_t count)
{
	day_t last = DAY_NONE;

	for (size_t i = 0; i < count; i++) {
		day_t day = l->index->facts->contracts.items[contracts[i]].signed_on;

		if (day > last)
			last = day;
	}
	return last;
}

static void of_item(const struct looking *l, const struct budget_item_fact *item)
{
	const uint32_t *contracts;
	size_t count = package_contracts(l->packages, item, &contracts);
	fen_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum_add(&sum, value_of(l, contracts[i]));
	if (item->budget_fen > 0 && sum > item->budget_fen)
		looking_item_under(l, item, regulation_of(l->law, last_signed(l, contracts, count)),
			"contracts-over-budget", "E-4",
			(struct finding_value[FINDING_VALUES_MAX]){
				FINDING_NUMBER("contracts_fen", sum),
				FINDING_NUMBER("contract_count", (int64_t)count) });
}

enum budgeted { BUDGETED_BY_PACKAGES = 1, BUDGETED_AS_WHOLE };

/* Unit and project of the year's rows -> whether all of them name a package. */
static struct map budgeted_projects(const struct looking *l)
{
	const struct plan_rows *rows = &l->packages->items;
	struct map projects = MAP_INIT;

	/* Rows without a package come first in their project: what is put first stays. */
	for (size_t i = 0; i < rows->count; i++) {
		const struct budget_item_fact *item =
			&l->index->facts->budget_items.items[rows->rows[i]];

		if (*item->project_code)
			map_put2(&projects, item->unit_code, item->project_code,
				*item->package_no ? BUDGETED_BY_PACKAGES : BUDGETED_AS_WHOLE);
	}
	return projects;
}

void findings_of_budgets(const struct looking *l)
{
	const struct facts *facts = l->index->facts;
	struct map projects = budgeted_projects(l);

	for (size_t i = 0; i < l->packages->items.count; i++)
		of_item(l, &facts->budget_items.items[l->packages->items.rows[i]]);
	for (size_t i = 0; i < l->packages->contract_count; i++) {
		const struct contract_fact *contract =
			&facts->contracts.items[l->packages->contracts[i]];

		if (*contract->package_no && !package_item(l->packages, contract) &&
			map_get2(&projects, contract->unit_code, contract->project_code) ==
				BUDGETED_BY_PACKAGES)
			LOOKING_CONTRACT(l, contract, "contract-without-budget", "E-4", { NULL });
	}
	map_free(&projects);
}
