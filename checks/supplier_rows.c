#include "checks/supplier_rows.h"

#include <stdlib.h>

#include "core/mem.h"

void supplier_rows_make(const struct facts *facts, struct supplier_rows *ret_rows)
{
	size_t count = facts->suppliers.count;
	const struct supplier_fact *items = facts->suppliers.items;

	*ret_rows = (struct supplier_rows){ .facts = facts,
		.next = mem_alloc((count + 1) * sizeof(uint32_t)) };
	map_reserve(&ret_rows->own, count);
	for (size_t i = 0; i < count; i++) {
		ret_rows->next[i] = MAP_NONE;
		if (!items[i].one_size)
			map_set(&ret_rows->own, items[i].uscc, (uint32_t)i);
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t own =
			items[i].one_size ? map_get(&ret_rows->own, items[i].uscc) : MAP_NONE;

		if (own != MAP_NONE) {
			ret_rows->next[i] = ret_rows->next[own];
			ret_rows->next[own] = (uint32_t)i;
		}
	}
}

void supplier_rows_free(struct supplier_rows *rows)
{
	map_free(&rows->own);
	free(rows->next);
}

uint32_t supplier_rows_first(const struct supplier_rows *rows, const char *uscc)
{
	return map_get(&rows->own, uscc);
}

/* Whether a speaks for the day rather than b. */
static bool better(const struct supplier_fact *a, const struct supplier_fact *b, day_t signed_on)
{
	bool a_holds = a->size_from != DAY_NONE && a->size_from <= signed_on;
	bool b_holds = b->size_from != DAY_NONE && b->size_from <= signed_on;

	if (a_holds != b_holds)
		return a_holds;
	if (a_holds)
		return a->size_from > b->size_from;
	return a->size_told != b->size_told ? a->size_told < b->size_told
					    : a->size_from < b->size_from;
}

uint32_t supplier_rows_of_contract(
	const struct supplier_rows *rows, const struct contract_fact *contract)
{
	const struct supplier_fact *items = rows->facts->suppliers.items;
	uint32_t own = map_get(&rows->own, contract->supplier_uscc), best;

	if (own == MAP_NONE || rows->next[own] == MAP_NONE || contract->signed_on == DAY_NONE)
		return own;
	best = rows->next[own];
	for (uint32_t row = rows->next[best]; row != MAP_NONE; row = rows->next[row])
		if (better(&items[row], &items[best], contract->signed_on))
			best = row;
	return best;
}

bool supplier_size_spoke(const struct supplier_fact *supplier, day_t signed_on)
{
	if (signed_on == DAY_NONE)
		return false;
	if (supplier->size_year)
		return supplier->size_year < day_year(signed_on);
	return supplier->size_from != DAY_NONE && supplier->size_from <= signed_on;
}
