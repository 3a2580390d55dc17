#include "checks/package.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

struct package_key {
	const char *unit, *project, *package;
};

static struct package_key key_of_contract(const struct contract_fact *contract)
{
	return (struct package_key){ contract->unit_code, contract->project_code,
		contract->package_no };
}

static struct package_key key_of_item(const struct budget_item_fact *item)
{
	return (struct package_key){ item->unit_code, item->project_code, item->package_no };
}

static int compare_keys(struct package_key a, struct package_key b)
{
	int order = fact_text_order(a.unit, b.unit);

	if (order == 0)
		order = fact_text_order(a.project, b.project);
	return order ? order : fact_text_order(a.package, b.package);
}

static int compare_contracts(const void *a, const void *b, void *facts)
{
	const struct contract_fact *rows = ((const struct facts *)facts)->contracts.items;
	const struct contract_fact *x = &rows[*(const uint32_t *)a],
				   *y = &rows[*(const uint32_t *)b];
	int order = compare_keys(key_of_contract(x), key_of_contract(y));

	return order ? order : strcmp(x->contract_no, y->contract_no);
}

void packages_make(const struct facts_index *index, const struct unit_tree *units, int fiscal_year,
	day_t as_of, struct packages *ret)
{
	const struct facts *facts = index->facts;

	*ret = (struct packages){ .facts = facts,
		.items = plan_effective_rows(facts, fiscal_year, as_of),
		.contracts = mem_zero(facts->contracts.count + 1, sizeof(uint32_t)) };
	for (uint32_t row = 0; row < facts->contracts.count; row++)
		if (award_counts(index, units, row, fiscal_year, as_of))
			ret->contracts[ret->contract_count++] = row;
	if (ret->contract_count > 1)
		qsort_r(ret->contracts, ret->contract_count, sizeof(*ret->contracts),
			compare_contracts, (void *)facts);
}

void packages_free(struct packages *packages)
{
	free(packages->items.rows);
	free(packages->contracts);
	*packages = (struct packages){ 0 };
}

/* The first contract that is not before key. */
static size_t lower_bound(const struct packages *packages, struct package_key key)
{
	size_t low = 0, high = packages->contract_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct contract_fact *contract =
			&packages->facts->contracts.items[packages->contracts[middle]];

		if (compare_keys(key_of_contract(contract), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t package_contracts(const struct packages *packages, const struct budget_item_fact *item,
	const uint32_t **ret_rows)
{
	const struct contract_fact *contracts = packages->facts->contracts.items;
	struct package_key key = key_of_item(item);
	size_t first = lower_bound(packages, key), end = first;

	while (end < packages->contract_count &&
		compare_keys(key_of_contract(&contracts[packages->contracts[end]]), key) == 0)
		end++;
	*ret_rows = packages->contracts + first;
	return end - first;
}

const struct budget_item_fact *package_item(
	const struct packages *packages, const struct contract_fact *contract)
{
	struct package_key key = key_of_contract(contract);
	size_t low = 0, high = packages->items.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct budget_item_fact *item =
			&packages->facts->budget_items.items[packages->items.rows[middle]];
		int order = compare_keys(key_of_item(item), key);

		if (order == 0)
			return item;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static int compare_project(
	const struct budget_item_fact *item, const char *unit_code, const char *project_code)
{
	int order = strcmp(item->unit_code, unit_code);

	return order ? order : strcmp(item->project_code, project_code);
}

size_t package_items(const struct packages *packages, const char *unit_code,
	const char *project_code, const uint32_t **ret_rows)
{
	const struct budget_item_fact *items = packages->facts->budget_items.items;
	const struct plan_rows *rows = &packages->items;
	size_t low = 0, high = rows->count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_project(&items[rows->rows[middle]], unit_code, project_code) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	end = low;
	while (end < rows->count &&
		compare_project(&items[rows->rows[end]], unit_code, project_code) == 0)
		end++;
	*ret_rows = rows->rows + low;
	return end - low;
}
