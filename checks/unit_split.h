/* The facts of a year, one unit at a time. Nothing that a set-aside figure rests on reaches over units: projects, packages
 * and contracts belong to one, suppliers are only looked up. So a unit's rows can be judged alone. */
#ifndef SETASIDE_CHECKS_UNIT_SPLIT_H
#define SETASIDE_CHECKS_UNIT_SPLIT_H

#include "checks/load.h"

struct unit_split;
/* Borrows the ledger: budget rows, contracts, amendments, notices, each with its unit, suppliers and what was paid on
 * contracts. */
struct unit_split *unit_split_new(const struct ledger *ledger);
void unit_split_free(struct unit_split *split);
size_t unit_split_count(const struct unit_split *split);

/* What one unit has; units themselves and year marks are not in it. Texts are the ledger's. */
struct unit_rows {
	const char *unit_code;
	struct facts *facts;
	fen_t *paid_of_contract; /* by contract row */
};
/* Release with unit_rows_free. */
void unit_split_take(struct unit_split *split, size_t unit, struct unit_rows *ret);
void unit_rows_free(struct unit_rows *rows);

#endif
