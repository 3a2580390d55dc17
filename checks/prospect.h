/* What the rows of a year leave open, as sums per scope: by month what can still be reserved or named, what counts
 * nowhere yet, whose budget was there the year before. Sums of units add up to those of departments and the district; the
 * outlook (checks/outlook.h) is judged from them. Pure; amounts are fen. */
#ifndef SETASIDE_CHECKS_PROSPECT_H
#define SETASIDE_CHECKS_PROSPECT_H

#include "checks/figures.h"
#include "checks/open_item.h"

enum { PROSPECT_MONTHS = 12 };

struct scope_prospect {
	/* By the month from which they are announced; [0]: any time. */
	fen_t reservable[PROSPECT_MONTHS + 1], nameable[PROSPECT_MONTHS + 1];
	int64_t reservable_items, nameable_items;
	fen_t uncounted;      /* budgets of the year without a day of approval (G-10) */
	int64_t items_before; /* effective budget rows of the year before, on the same day */
};
struct year_prospect {
	struct scope_prospect district;
	struct scope_prospect *departments; /* in the order of the figures' */
	size_t department_count;
};

/* figures and open: of the same facts, year and day. What belongs to a department that the figures do not list enters the
 * district alone. Release with prospect_free. */
void prospect_judge(const struct facts *facts, const struct unit_tree *units,
	const struct year_figures *figures, const struct open_items *open,
	struct year_prospect *ret);
void prospect_free(struct year_prospect *prospect);

#endif
