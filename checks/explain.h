/* Why a quota figure is what it is: every row of the scope and year, counted or not, with what it
 * adds and the readings that decide. */
#ifndef SETASIDE_CHECKS_EXPLAIN_H
#define SETASIDE_CHECKS_EXPLAIN_H

#include "checks/figures.h"
#include "checks/json_out.h"
#include "core/err.h"

/* The bases by name, for texts that list them. */
extern const char explain_bases[];

/* {"figure": the scope's member of the snapshot, "formulas": each verdict with its numbers, "outlook" (plan only):
 * the same of the outlook, "rows"}. Rows are budget rows for the bases "plan", "initial", "adjusted", "final" and
 * "q4", contracts for "award" and "paid", both for "mixed" (通报口径, Q-6; "part" says which); "notice" are the
 * contracts of the yearly notice (N-1), whose figure stands beside under that name, by "part", the form of
 * reservation. scope: a department, a unit below one (alone, by the floors of a department), "?", or "" for the
 * district. Each row has "counted", "adds" (summed over the rows: the figure, and its band), "because": [{"rule",
 * "reading", "article", "text"}] (zh-CN) and "values": what was read from the record. ERR_DATA on another basis or
 * an unknown department or unit. */
int explain_quota(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const char *basis, const char *scope, int fiscal_year,
	day_t as_of, struct json_out *out, struct err *err);

#endif
