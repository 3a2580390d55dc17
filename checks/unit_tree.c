/* Rows of one unit code form a chain in file order: first_row -> next_row. */
#include "checks/unit_tree.h"

#include "core/map.h"
#include "core/mem.h"

enum { DEPTH_MAX = 32 }; /* a longer line of ancestors is a loop */

struct unit_tree {
	const struct facts *facts;
	struct map first_row; /* unit_code -> row */
	uint32_t *next_row;   /* row -> next row of the same code, MAP_NONE at the end */
};

struct unit_tree *unit_tree_new(const struct facts *facts)
{
	struct unit_tree *tree = mem_zero(1, sizeof(*tree));
	uint32_t count = (uint32_t)facts->units.count;

	tree->facts = facts;
	tree->next_row = mem_zero(count + 1, sizeof(*tree->next_row));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = map_put(&tree->first_row, facts->units.items[i].unit_code, i);

		tree->next_row[i] = MAP_NONE;
		if (row == MAP_NONE)
			continue;
		while (tree->next_row[row] != MAP_NONE)
			row = tree->next_row[row];
		tree->next_row[row] = i;
	}
	return tree;
}

void unit_tree_free(struct unit_tree *tree)
{
	if (!tree)
		return;
	map_free(&tree->first_row);
	free(tree->next_row);
	free(tree);
}

static bool valid_on(const struct unit_fact *unit, day_t day)
{
	return day != DAY_NONE && (unit->valid_from == DAY_NONE || unit->valid_from <= day) &&
	       (unit->valid_to == DAY_NONE || day <= unit->valid_to);
}

const struct unit_fact *unit_tree_row(
	const struct unit_tree *tree, const char *unit_code, day_t day)
{
	const struct unit_fact *found = NULL;

	for (uint32_t row = map_get(&tree->first_row, unit_code); row != MAP_NONE;
		row = tree->next_row[row]) {
		const struct unit_fact *unit = &tree->facts->units.items[row];

		if (valid_on(unit, day))
			found = unit; /* of overlapping rows the later one of the file */
	}
	return found;
}

const char *unit_tree_department(const struct unit_tree *tree, const char *unit_code, day_t day)
{
	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		const struct unit_fact *unit = unit_tree_row(tree, unit_code, day);

		if (!unit)
			return DEPARTMENT_UNKNOWN;
		if (!*unit->parent_code)
			return unit->unit_code;
		unit_code = unit->parent_code;
	}
	return DEPARTMENT_UNKNOWN;
}

enum debtor_kind unit_tree_kind(const struct unit_tree *tree, const char *unit_code, day_t day)
{
	const struct unit_fact *unit = unit_tree_row(tree, unit_code, day);
	uint32_t row = map_get(&tree->first_row, unit_code);

	if (unit)
		return unit->kind;
	if (row == MAP_NONE)
		return DEBTOR_UNKNOWN;
	while (tree->next_row[row] != MAP_NONE)
		row = tree->next_row[row];
	return tree->facts->units.items[row].kind;
}

static void earlier(day_t *best, day_t day, day_t after)
{
	if (day != DAY_NONE && day > after && (*best == DAY_NONE || day < *best))
		*best = day;
}

day_t unit_tree_next_change(const struct unit_tree *tree, day_t after)
{
	day_t best = DAY_NONE;

	for (size_t i = 0; i < tree->facts->units.count; i++) {
		const struct unit_fact *unit = &tree->facts->units.items[i];

		earlier(&best, unit->valid_from, after);
		if (unit->valid_to != DAY_NONE)
			earlier(&best, unit->valid_to + 1, after);
	}
	return best;
}
