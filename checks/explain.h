/* Why a quota figure is what it is: every row of the scope and year, counted or not, with what it
 * adds and the readings that decide. */
#ifndef SETASIDE_CHECKS_EXPLAIN_H
#define SETASIDE_CHECKS_EXPLAIN_H

#include "checks/figures.h"
#include "checks/json_out.h"
#include "core/err.h"

/* basis "plan": {"figure": the scope's sums and verdict, "rows": budget rows}; basis "award": the
 * same of contracts. scope: a department, "?", or "" for the district. ERR_DATA on another basis or
 * an unknown department. Each row has "counted", "adds" and "because": [{"reading", "text"}]
 * (zh-CN). */
int explain_quota(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const char *basis, const char *scope, int fiscal_year,
	day_t as_of, struct json_out *out, struct err *err);

#endif
