/* Packages: a budget row and the contracts of the same unit, project and package.
 *
 * The exchange profile links both by codes only, and codes may be used again in another year: a
 * contract belongs to the package when it is signed in the budget's fiscal year (G-21). */
#ifndef SETASIDE_CHECKS_PACKAGE_H
#define SETASIDE_CHECKS_PACKAGE_H

#include "checks/award_item.h"
#include "checks/plan_item.h"

struct packages {
	const struct facts *facts;
	struct plan_rows items; /* effective rows (G-10), sorted by unit, project, package */
	uint32_t *contracts;    /* counted in the year, sorted likewise, then by number */
	size_t contract_count;
};

/* Release with packages_free. */
void packages_make(const struct facts_index *index, const struct unit_tree *units, int fiscal_year,
	day_t as_of, struct packages *ret);
void packages_free(struct packages *packages);

/* The contracts of a budget row; returns how many. */
size_t package_contracts(const struct packages *packages, const struct budget_item_fact *item,
	const uint32_t **ret_rows);
/* The effective rows of a unit's project, of all its packages; returns how many. */
size_t package_items(const struct packages *packages, const char *unit_code,
	const char *project_code, const uint32_t **ret_rows);
/* The effective budget row of a contract, NULL if there is none. */
const struct budget_item_fact *package_item(
	const struct packages *packages, const struct contract_fact *contract);

#endif
