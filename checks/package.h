/* Packages: a budget row and the contracts of the same unit, project and package.
 *
 * The exchange profile links both by codes only, and codes may be used again in another year: a
 * contract belongs to the package when it is signed in the budget's fiscal year (G-21). */
#ifndef SETASIDE_CHECKS_PACKAGE_H
#define SETASIDE_CHECKS_PACKAGE_H

#include "checks/award_item.h"
#include "checks/plan_item.h"
#include "core/map.h"

struct packages {
	const struct facts *facts;
	struct plan_rows items; /* effective rows (G-10), sorted by unit, project, package */
	uint32_t *contracts;    /* counted in the year, sorted likewise, then by number */
	size_t contract_count;
	day_t as_of;
	/* Contracts that stand by the day, by unit and project, and notices by project, of whatever year: row of the first of
	 * them, and of the next. */
	struct map signed_first, notice_first;
	struct map projects;   /* a unit's project: place in approved_first */
	day_t *approved_first; /* the earliest approval of its rows of the year */
	uint32_t *signed_next, *notice_next;
};

/* Release with packages_free. */
void packages_make(const struct facts_index *index, const struct unit_tree *units, int fiscal_year,
	day_t as_of, struct packages *ret);
void packages_free(struct packages *packages);

/* The contracts of a budget row; returns how many. */
size_t package_contracts(const struct packages *packages, const struct budget_item_fact *item,
	const uint32_t **ret_rows);
/* The days on which a purchase for the row is announced and signed: as fact_span from the first approval of its project
 * on. */
bool package_span(const struct packages *packages, const struct budget_item_fact *item,
	day_t *ret_first, day_t *ret_last);
/* Can the row's reservation not be changed any more? Its notice_on has come, or for its project and package, on days of
 * the row (package_span), a contract was signed, or a notice was published that invites, awards or tells of a contract,
 * and no later one that ends it. A contract or notice without a package is for all of them, a notice without a unit for
 * any. */
bool package_taken(const struct packages *packages, const struct budget_item_fact *item);

/* The effective rows of a unit's project, of all its packages; returns how many. */
size_t package_items(const struct packages *packages, const char *unit_code,
	const char *project_code, const uint32_t **ret_rows);
/* The effective budget row of a contract, NULL if there is none. */
const struct budget_item_fact *package_item(
	const struct packages *packages, const struct contract_fact *contract);

#endif
