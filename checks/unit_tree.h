/* Units by day: debtor kind (G-30) and department (G-19). */
#ifndef SETASIDE_CHECKS_UNIT_TREE_H
#define SETASIDE_CHECKS_UNIT_TREE_H

#include "checks/facts.h"

#define DEPARTMENT_UNKNOWN "?"

struct unit_tree;
/* Borrows facts. */
struct unit_tree *unit_tree_new(const struct facts *facts);
void unit_tree_free(struct unit_tree *tree);

/* The row of the unit that is valid on day (both ends included), NULL if none. */
const struct unit_fact *unit_tree_row(
	const struct unit_tree *tree, const char *unit_code, day_t day);
/* The topmost ancestor, every link read from the row valid on day; "?" without one or in a loop.
 * The text belongs to the facts (or is DEPARTMENT_UNKNOWN). */
const char *unit_tree_department(const struct unit_tree *tree, const char *unit_code, day_t day);
/* Kind by the row valid on day, else (also for DAY_NONE) by the unit's last row; UNKNOWN for an
 * unknown unit. */
enum debtor_kind unit_tree_kind(const struct unit_tree *tree, const char *unit_code, day_t day);
/* The first day after `after` on which any unit row begins to hold or stops holding; DAY_NONE if
 * none. */
day_t unit_tree_next_change(const struct unit_tree *tree, day_t after);

#endif
