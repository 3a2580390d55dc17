/* The quota figures of one fiscal year, per department and for the district: plan, award, paid and
 * Q-4 basis (Q-1 … Q-9, G-10 … G-28). Sums only; verdicts by checks/quota.h. */
#ifndef SETASIDE_CHECKS_FIGURES_H
#define SETASIDE_CHECKS_FIGURES_H

#include "checks/arrears.h"
#include "checks/award_item.h"
#include "checks/plan_item.h"
#include "checks/quota.h"

/* Forms of reservation as the yearly notice lists them; UNSTATED only where amounts were given
 * without a form. */
enum { FORM_WHOLE, FORM_PACKAGE, FORM_CONSORTIUM, FORM_SUBCONTRACT, FORM_UNSTATED, FORM_COUNT };
const char *figures_form_name(int form);
int figures_form_of(enum reserve_form form);                /* -1: not reserved */
const char *figures_snapshot_name(enum snapshot_kind kind); /* "initial", "adjusted", "final" */

struct form_sums {
	int64_t contracts;
	fen_t contract, sme, small_micro;
};

/* The plan basis of one budget snapshot, as plan_snapshot_rows picks its rows. */
struct snapshot_sums {
	struct quota_sums sums;
	int64_t items;
	int64_t own_items; /* of them with a row of this very snapshot; 0: it is not on record */
};

/* Sums of one scope. */
struct scope_figures {
	const char *scope; /* department code, "?", or "" for the district */
	struct quota_sums plan;
	int64_t plan_items;
	/* By the department of that row's approval. No headline: that is the latest approved. */
	struct snapshot_sums snapshots[SNAPSHOT_KINDS];
	struct quota_sums award; /* strict = adjusted = base */
	int64_t award_contracts;
	struct form_sums forms[FORM_COUNT];
	struct quota_sums paid;
	struct quota_sums q4_goods_services, q4_works;
	int64_t q4_below_not_reserved;
};

struct year_figures {
	int fiscal_year;
	day_t as_of;
	struct scope_figures district;
	/* Sorted by code, byte order: every unit that is topmost on the day (with zeros), and what
	 * else has figures. */
	struct scope_figures *departments;
	size_t department_count, department_capacity;
};

/* paid_of_contract: principal on the contract's obligations other than deposits, by contract row
 * (see figures_paid_of_contract); NULL leaves the paid basis at zero. Release with figures_free. */
void figures_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, int fiscal_year, day_t as_of, const fen_t *paid_of_contract,
	struct year_figures *ret);
/* The same of some units' rows, for adding up: lists every department that a budget row of any year or a counted contract
 * belongs to (a row without a day of approval: on the as-of day), and no other. */
void figures_judge_rows(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, int fiscal_year, day_t as_of, const fen_t *paid_of_contract,
	struct year_figures *ret);
/* The figures of the district from those of parts that have no row in common. facts: its units. */
void figures_total(const struct facts *facts, const struct unit_tree *units, int fiscal_year,
	day_t as_of, const struct scope_figures *const *parts, size_t count,
	struct year_figures *ret);
void figures_free(struct year_figures *figures);

/* Every number of a scope, in a lasting order: sums of scopes are the sums of their numbers. */
enum { FIGURES_NUMBERS = 61 };
void figures_numbers(struct scope_figures *scope, int64_t *ret_at[FIGURES_NUMBERS]);
/* NULL if there is none of that code. */
const struct scope_figures *figures_department(
	const struct year_figures *figures, const char *scope);
/* The scope has a budget item or a counted contract of the year (what the notice lists). */
bool figures_present(const struct scope_figures *scope);

/* G-20: the rows of one project, and what follows from their sum. */
struct plan_project {
	const uint32_t *rows;
	size_t count;
	bool works, over; /* strictly over the threshold of its class */
};
/* The project that begins at rows->rows[first]; rows sorted as by plan_effective_rows. */
struct plan_project figures_project(const struct law *law, const struct facts *facts,
	const struct plan_rows *rows, size_t first);

/* For a visitor of arrears: adds the states' payments into an array by contract row. */
void figures_paid_of_contract(const struct facts *facts, fen_t *paid_of_contract,
	const struct obligation_state *states, size_t count);

/* The same array for all groups on a day, judged here. free(). */
fen_t *figures_paid_on(const struct arrears_question *question);

/* The department that a plan row counts for (G-19): by its day of approval. A contract: by its
 * signing day. */
const char *figures_department_of_item(
	const struct unit_tree *units, const struct budget_item_fact *item);
const char *figures_department_of_contract(
	const struct unit_tree *units, const struct contract_fact *contract);

#endif
