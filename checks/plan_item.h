/* What one budget row adds to the plan basis, and which row of a package is effective (Q-5 … Q-8,
 * G-10 … G-15). */
#ifndef SETASIDE_CHECKS_PLAN_ITEM_H
#define SETASIDE_CHECKS_PLAN_ITEM_H

#include "checks/facts.h"
#include "checks/register_book.h"

enum plan_finding {
	PLAN_SHARE_MISSING = 1,
	PLAN_SHARE_INVALID = 2,
	PLAN_EXEMPTION_INCOMPLETE = 4,
	PLAN_EXEMPTION_UNKNOWN_CODE = 8,
	PLAN_EXEMPT_AND_RESERVED = 16
};
enum { PLAN_FINDING_COUNT = 5 };
const char *plan_finding_name(int bit); /* "share-missing", … */

struct plan_part {
	fen_t strict, adjusted; /* base with and without the exemption */
	fen_t sme, small_micro;
	bool reserved; /* a reservation stands on the day */
	bool exempt;   /* the exemption works on the day */
	/* Of the register, when the exemption is one (reserved or not); NULL = the row's own. */
	const struct register_entry *entry;
	unsigned findings;
};
struct plan_part plan_item_judge(
	const struct register_book *registers, const struct budget_item_fact *item, day_t as_of);

/* Reserved as a whole project or a package of its own. */
bool plan_reserved_wholly(const struct budget_item_fact *item, const struct plan_part *part);

/* The effective rows of a year on a day: per (unit, project, package) the latest approved; on a tie
 * final before adjusted before initial, then the later row (G-10). Sorted by unit, project,
 * package. */
struct plan_rows {
	uint32_t *rows; /* row numbers; free() */
	size_t count;
};
struct plan_rows plan_effective_rows(const struct facts *facts, int fiscal_year, day_t as_of);

/* The budget as it stood in its snapshots, whatever is in force: for each effective row, in
 * their order, the row of its package in each snapshot. A package without a row of a snapshot stands
 * there as in the one before (not every source repeats what was not changed), so that the sums can
 * be set side by side; among rows of one snapshot the latest approved, then the later row. free(). */
#define PLAN_NO_ROW UINT32_MAX
struct plan_snapshots {
	uint32_t row[SNAPSHOT_KINDS]; /* PLAN_NO_ROW: the package was not there yet */
};
struct plan_snapshots *plan_snapshot_rows(
	const struct facts *facts, const struct plan_rows *effective, int fiscal_year, day_t as_of);

/* Orders rows by unit and project; 0 = the same project (G-20). */
int plan_compare_project(const struct budget_item_fact *a, const struct budget_item_fact *b);

#endif
