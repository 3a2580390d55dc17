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

/* Puts row into the chain that head begins (MAP_NONE: row itself begins it). */
static void chain(uint32_t *next, uint32_t head, uint32_t row)
{
	next[row] = head == MAP_NONE ? MAP_NONE : next[head];
	if (head != MAP_NONE)
		next[head] = row;
}

static void chain_contracts(struct packages *packages)
{
	const struct facts *facts = packages->facts;

	packages->signed_next = mem_zero(facts->contracts.count + 1, sizeof(uint32_t));
	for (uint32_t row = 0; row < facts->contracts.count; row++) {
		const struct contract_fact *contract = &facts->contracts.items[row];

		if (*contract->project_code && award_stands(contract, packages->as_of))
			chain(packages->signed_next,
				map_put2(&packages->signed_first, contract->unit_code,
					contract->project_code, row),
				row);
	}
}

static void chain_notices(struct packages *packages)
{
	const struct facts *facts = packages->facts;

	packages->notice_next = mem_zero(facts->notices.count + 1, sizeof(uint32_t));
	for (uint32_t row = 0; row < facts->notices.count; row++) {
		const char *project = facts->notices.items[row].project_code;

		packages->notice_next[row] = map_get(&packages->notice_first, project);
		map_set(&packages->notice_first, project, row);
	}
}

/* A later snapshot is approved later: the project is what its first one began. */
static void find_first_approvals(struct packages *packages, int fiscal_year)
{
	const struct facts *facts = packages->facts;
	day_t *first = mem_zero(facts->budget_items.count + 1, sizeof(*first));

	packages->approved_first = first;
	for (uint32_t row = 0; row < facts->budget_items.count; row++) {
		const struct budget_item_fact *item = &facts->budget_items.items[row];
		uint32_t head;

		if (item->fiscal_year != fiscal_year || item->approved_on == DAY_NONE)
			continue;
		head = map_put2(&packages->projects, item->unit_code, item->project_code, row);
		if (head == MAP_NONE)
			first[row] = item->approved_on;
		else if (item->approved_on < first[head])
			first[head] = item->approved_on;
	}
}

void packages_make(const struct facts_index *index, const struct unit_tree *units, int fiscal_year,
	day_t as_of, struct packages *ret)
{
	const struct facts *facts = index->facts;

	*ret = (struct packages){ .facts = facts,
		.items = plan_effective_rows(facts, fiscal_year, as_of),
		.contracts = mem_zero(facts->contracts.count + 1, sizeof(uint32_t)),
		.as_of = as_of };
	chain_contracts(ret);
	chain_notices(ret);
	find_first_approvals(ret, fiscal_year);
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
	map_free(&packages->signed_first);
	map_free(&packages->notice_first);
	map_free(&packages->projects);
	free(packages->approved_first);
	free(packages->signed_next);
	free(packages->notice_next);
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

/* Taken ----------------------------------------------------------------------------------------- */

/* Days of a row that have come. */
struct span {
	day_t first, last;
};

static bool inside(const struct span *span, day_t day)
{
	return day != DAY_NONE && day >= span->first && day <= span->last;
}

static bool may_be_of(const char *package_no, const struct budget_item_fact *item)
{
	return !*package_no || !*item->package_no || strcmp(package_no, item->package_no) == 0;
}

static bool is_signed(const struct packages *packages, const struct budget_item_fact *item,
	const struct span *span)
{
	uint32_t row = map_get2(&packages->signed_first, item->unit_code, item->project_code);

	for (; row != MAP_NONE; row = packages->signed_next[row]) {
		const struct contract_fact *contract = &packages->facts->contracts.items[row];

		if (inside(span, contract->signed_on) && may_be_of(contract->package_no, item))
			return true;
	}
	return false;
}

/* What was ended is announced anew, if at all. */
static bool is_announced(const struct packages *packages, const struct budget_item_fact *item,
	const struct span *span)
{
	uint32_t row = map_get(&packages->notice_first, item->project_code);
	day_t announced = DAY_NONE, ended = DAY_NONE;

	for (; row != MAP_NONE; row = packages->notice_next[row]) {
		const struct notice_fact *notice = &packages->facts->notices.items[row];
		day_t *latest = notice->kind == NOTICE_TERMINATION ? &ended : &announced;

		if (notice->kind != NOTICE_OTHER && inside(span, notice->published_on) &&
			(!*notice->unit_code || strcmp(notice->unit_code, item->unit_code) == 0) &&
			may_be_of(notice->package_no, item) && notice->published_on > *latest)
			*latest = notice->published_on;
	}
	return announced > ended;
}

bool package_span(const struct packages *packages, const struct budget_item_fact *item,
	day_t *ret_first, day_t *ret_last)
{
	uint32_t project = map_get2(&packages->projects, item->unit_code, item->project_code);

	return fact_span(item->fiscal_year,
		project == MAP_NONE ? DAY_NONE : packages->approved_first[project], ret_first,
		ret_last);
}

bool package_taken(const struct packages *packages, const struct budget_item_fact *item)
{
	struct span span;

	if (day_known(item->notice_on, packages->as_of) != DAY_NONE)
		return true;
	if (!*item->project_code || !package_span(packages, item, &span.first, &span.last))
		return false;
	if (span.last > packages->as_of)
		span.last = packages->as_of;
	return is_signed(packages, item, &span) || is_announced(packages, item, &span);
}
