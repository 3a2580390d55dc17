/* The parts of an explanation, one writer each; for checks/explain.c. */
#ifndef SETASIDE_CHECKS_EXPLAIN_PARTS_H
#define SETASIDE_CHECKS_EXPLAIN_PARTS_H

#include "checks/outlook.h"
#include "checks/snapshot_parts.h"

/* The three budget snapshots stand in the order of enum snapshot_kind. */
enum explain_basis {
	EXPLAIN_PLAN,
	EXPLAIN_INITIAL,
	EXPLAIN_ADJUSTED,
	EXPLAIN_FINAL,
	EXPLAIN_AWARD,
	EXPLAIN_PAID,
	EXPLAIN_MIXED,
	EXPLAIN_NOTICE,
	EXPLAIN_Q4,
	EXPLAIN_BASES
};

struct explaining {
	enum explain_basis basis;
	const struct law *law;
	const struct facts_index *index;
	const struct unit_tree *units;
	const char *scope; /* "" = all */
	int fiscal_year;
	day_t as_of;
	const fen_t *paid_of_contract;
	const struct packages *packages;
	struct json_out *out;
};

static inline bool explain_in_scope(const struct explaining *e, const char *department)
{
	return !*e->scope || strcmp(e->scope, department) == 0;
}

/* Rows of the bases: every row of the scope and year, counted or not. Those of the fourth figure
 * (通报口径, Q-6) are budget rows and then contracts, told apart by "part". */
void explain_plan_rows(const struct explaining *e);
void explain_initial_rows(const struct explaining *e);
void explain_adjusted_rows(const struct explaining *e);
void explain_final_rows(const struct explaining *e);
void explain_q4_rows(const struct explaining *e);
void explain_award_rows(const struct explaining *e);
void explain_paid_rows(const struct explaining *e);
void explain_mixed_rows(const struct explaining *e);
void explain_notice_rows(const struct explaining *e);     /* "part" is the form of reservation */
void explain_mixed_plan_rows(const struct explaining *e); /* its first half */

/* "register": the entries that decided how the row counts, with approver and article; nothing where there are none. True if
 * one of them corrected the row. */
bool explain_item_entries(const struct explaining *e, const struct budget_item_fact *item,
	const struct plan_part *part);
bool explain_contract_entries(const struct explaining *e, const struct contract_fact *contract,
	const struct award_part *part);

/* "outlook": how it follows from the gap, what can still be reserved and the last date, for both targets; why a gap is
 * told to nobody; the lead times that the last date comes from. */
void explain_outlook(const struct explaining *e, const struct quota_view *view, const char *scope);

/* "formulas": each verdict and gap of the plan basis with its numbers; other bases have no verdict
 * in law, their arithmetic is shown all the same. */
void explain_formulas(const struct explaining *e, const struct quota_view *view,
	const struct scope_figures *scope);

#endif
