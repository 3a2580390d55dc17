/* Phase of a fiscal year: whether the budgets are all in, the year runs, is over, or is closed by a
 * person. Pure. Words of domain/terms.md. */
#ifndef SETASIDE_CHECKS_PHASE_H
#define SETASIDE_CHECKS_PHASE_H

#include "checks/prospect.h"

enum quota_phase { PHASE_COLLECTING, PHASE_IN_YEAR, PHASE_PRELIMINARY, PHASE_FINAL };
const char *quota_phase_name(enum quota_phase phase);  /* "collecting", "in-year", … */
const char *quota_phase_words(enum quota_phase phase); /* zh-CN */

struct year_phase {
	enum quota_phase phase;
	day_t closed_on;       /* DAY_NONE unless final */
	const char *closed_by; /* "" unless final; belongs to the facts */
	int64_t expected;      /* departments whose budget is expected */
	int64_t waiting;       /* of them, without a budget row and without a person's word */
};

/* Final: the year is over and a named person closed it (mark `closed` of the district).
 * Preliminary: over, not closed. Collecting: departments are waited for. A department is expected
 * when it is a public body and topmost on the day and had a budget the year before; in a ledger
 * without a year before, every such department is. A mark `budget-complete`, of the department or
 * of the district, ends the waiting. */
struct year_phase phase_judge(const struct facts *facts, const struct unit_tree *units,
	const struct year_figures *figures, const struct year_prospect *prospect);

#endif
