/* Row numbers of each list, sorted by unit (a counting sort, so each unit keeps the order of its rows). */
#include "checks/unit_split.h"

#include <stdlib.h>

#include "checks/supplier_rows.h"
#include "core/map.h"
#include "core/mem.h"

/* rows[start[unit] … start[unit + 1]) */
struct rows_of_unit {
	uint32_t *start, *rows;
};

struct unit_split {
	const struct ledger *ledger;
	struct map numbers; /* unit code -> number */
	const char **codes; /* by number */
	size_t count, capacity;
	struct rows_of_unit items, contracts, amendments, notices;
	struct supplier_rows supplier_rows;
	uint32_t
		*supplier_taken; /* by supplier row: number of the last unit that took it, plus 1 */
};

static uint32_t number_of(struct unit_split *split, const char *unit_code)
{
	uint32_t number = map_put(&split->numbers, unit_code, (uint32_t)split->count);

	if (number != MAP_NONE)
		return number;
	MEM_GROW(split->codes, split->count, split->capacity);
	split->codes[split->count] = unit_code;
	return (uint32_t)split->count++;
}

/* unit_of: by row, MAP_NONE = of no unit. */
static void sort_rows(
	struct rows_of_unit *ret, const uint32_t *unit_of, size_t row_count, size_t unit_count)
{
	uint32_t *start = mem_zero(unit_count + 2, sizeof(uint32_t));

	ret->rows = mem_alloc((row_count + 1) * sizeof(uint32_t));
	for (size_t row = 0; row < row_count; row++)
		if (unit_of[row] != MAP_NONE)
			start[unit_of[row] + 2]++;
	for (size_t unit = 2; unit < unit_count + 2; unit++)
		start[unit] += start[unit - 1];
	for (size_t row = 0; row < row_count; row++)
		if (unit_of[row] != MAP_NONE)
			ret->rows[start[unit_of[row] + 1]++] = (uint32_t)row;
	ret->start = start;
}

static void find_amendments(struct unit_split *split, const uint32_t *unit_of_contract)
{
	const struct facts *facts = split->ledger->facts;
	size_t count = facts->amendments.count;
	_cleanup_free_ uint32_t *unit_of = mem_alloc((count + 1) * sizeof(uint32_t));
	struct map rows = MAP_INIT;

	if (count > 0)
		map_reserve(&rows, facts->contracts.count);
	for (size_t row = 0; count > 0 && row < facts->contracts.count; row++)
		map_put(&rows, facts->contracts.items[row].contract_no, (uint32_t)row);
	for (size_t i = 0; i < count; i++) {
		uint32_t row = map_get(&rows, facts->amendments.items[i].contract_no);

		unit_of[i] = row == MAP_NONE ? MAP_NONE : unit_of_contract[row];
	}
	map_free(&rows);
	sort_rows(&split->amendments, unit_of, count, split->count);
}

struct unit_split *unit_split_new(const struct ledger *ledger)
{
	struct unit_split *split = mem_zero(1, sizeof(*split));
	const struct facts *facts = ledger->facts;
	size_t items = facts->budget_items.count, contracts = facts->contracts.count;
	_cleanup_free_ uint32_t *of_item = mem_alloc((items + 1) * sizeof(uint32_t));
	_cleanup_free_ uint32_t *of_contract = mem_alloc((contracts + 1) * sizeof(uint32_t));
	_cleanup_free_ uint32_t *of_notice =
		mem_alloc((facts->notices.count + 1) * sizeof(uint32_t));

	split->ledger = ledger;
	for (size_t i = 0; i < items; i++)
		of_item[i] = number_of(split, facts->budget_items.items[i].unit_code);
	for (size_t i = 0; i < contracts; i++)
		of_contract[i] = number_of(split, facts->contracts.items[i].unit_code);
	for (size_t i = 0; i < facts->notices.count; i++)
		of_notice[i] = map_get(&split->numbers, facts->notices.items[i].unit_code);
	sort_rows(&split->items, of_item, items, split->count);
	sort_rows(&split->notices, of_notice, facts->notices.count, split->count);
	sort_rows(&split->contracts, of_contract, contracts, split->count);
	find_amendments(split, of_contract);
	supplier_rows_make(facts, &split->supplier_rows);
	split->supplier_taken = mem_zero(facts->suppliers.count + 1, sizeof(uint32_t));
	return split;
}

static void free_rows(struct rows_of_unit *rows)
{
	free(rows->start);
	free(rows->rows);
}

void unit_split_free(struct unit_split *split)
{
	if (!split)
		return;
	free_rows(&split->items);
	free_rows(&split->contracts);
	free_rows(&split->amendments);
	free_rows(&split->notices);
	map_free(&split->numbers);
	supplier_rows_free(&split->supplier_rows);
	free(split->supplier_taken);
	free(split->codes);
	free(split);
}

size_t unit_split_count(const struct unit_split *split)
{
	return split->count;
}

static void take_supplier(
	struct unit_split *split, size_t unit, const char *uscc, struct facts *facts)
{
	uint32_t row = supplier_rows_first(&split->supplier_rows, uscc);

	if (row == MAP_NONE || split->supplier_taken[row] == unit + 1)
		return;
	split->supplier_taken[row] = (uint32_t)unit + 1;
	for (; row != MAP_NONE; row = split->supplier_rows.next[row])
		*facts_add_supplier(facts) = split->ledger->facts->suppliers.items[row];
}

static void take_contracts(struct unit_split *split, size_t unit, struct unit_rows *ret)
{
	const struct rows_of_unit *rows = &split->contracts;
	const fen_t *paid = split->ledger->paid_of_contract;
	uint32_t first = rows->start[unit], end = rows->start[unit + 1];

	ret->paid_of_contract = mem_zero(end - first + 1, sizeof(fen_t));
	for (uint32_t i = first; i < end; i++) {
		const struct contract_fact *contract =
			&split->ledger->facts->contracts.items[rows->rows[i]];

		ret->paid_of_contract[i - first] = paid ? paid[rows->rows[i]] : 0;
		*facts_add_contract(ret->facts) = *contract;
		take_supplier(split, unit, contract->supplier_uscc, ret->facts);
	}
}

void unit_split_take(struct unit_split *split, size_t unit, struct unit_rows *ret)
{
	const struct facts *facts = split->ledger->facts;
	const struct rows_of_unit *items = &split->items, *amendments = &split->amendments,
				  *notices = &split->notices;

	*ret = (struct unit_rows){ .unit_code = split->codes[unit], .facts = facts_new() };
	for (uint32_t i = items->start[unit]; i < items->start[unit + 1]; i++)
		*facts_add_budget_item(ret->facts) = facts->budget_items.items[items->rows[i]];
	take_contracts(split, unit, ret);
	for (uint32_t i = amendments->start[unit]; i < amendments->start[unit + 1]; i++)
		*facts_add_amendment(ret->facts) = facts->amendments.items[amendments->rows[i]];
	for (uint32_t i = notices->start[unit]; i < notices->start[unit + 1]; i++)
		*facts_add_notice(ret->facts) = facts->notices.items[notices->rows[i]];
}

void unit_rows_free(struct unit_rows *rows)
{
	facts_free(rows->facts);
	free(rows->paid_of_contract);
	*rows = (struct unit_rows){ 0 };
}
