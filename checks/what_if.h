/* What if: the figures after imagined changes. Nothing is written anywhere: the changes are made on
 * a copy of the rows that they touch, and both states are judged in the same way.
 *
 * A change names the budget row that is effective on the day (G-10), or a contract. A change of a
 * project that is announced or awarded is computed all the same and marked as not feasible. */
#ifndef SETASIDE_CHECKS_WHAT_IF_H
#define SETASIDE_CHECKS_WHAT_IF_H

#include "checks/facts.h"
#include "checks/json_out.h"
#include "checks/law.h"
#include "core/err.h"

enum change_kind {
	CHANGE_RESERVE,        /* form, reserved_for, share */
	CHANGE_NAME,           /* reserved: for small and micro enterprises */
	CHANGE_SHARE,          /* the required share of a consortium or subcontract */
	CHANGE_EXEMPT,         /* code, reason, approver, day */
	CHANGE_WITHDRAW,       /* the reservation ends on the day */
	CHANGE_BUDGET,         /* another budget */
	CHANGE_CONTRACT_SHARE, /* agreed shares of a contract */
	CHANGE_KINDS
};
const char *change_kind_name(enum change_kind kind); /* the word of the file: "reserve", … */

struct change {
	enum change_kind kind;
	const char *unit_code, *project_code, *package_no; /* the budget row */
	const char *contract_no;                           /* CONTRACT_SHARE */
	enum reserve_form form;
	enum reserved_for reserved_for;
	int64_t share_ppm, small_micro_share_ppm; /* NUMBER_NONE = not stated */
	const char *exemption_code, *exemption_reason, *exemption_approver;
	day_t on; /* DAY_NONE = the as-of day */
	fen_t budget_fen;
};
struct what_if {
	struct change *items;
	size_t count, capacity;
	struct facts *texts; /* owns the texts */
};

enum { WHAT_IF_CHANGES_MAX = 10000 };
/* What the file looks like, for people; several lines. */
extern const char what_if_format[];

/* Reads {"changes": [{"do": …, …}, …]}. ERR_DATA names the change (from 1) and what is wrong with
 * it: unknown words or members are refused, not ignored. Release with what_if_free also after a
 * failure. */
int what_if_read(const char *json, size_t length, struct what_if *ret, struct err *err);
void what_if_free(struct what_if *what_if);

struct what_if_question {
	const struct law *law;
	const struct facts *facts; /* untouched */
	int fiscal_year;
	day_t as_of;
};
/* {"as_of", "fiscal_year", "changes": [… with "feasible"], "scopes": {"district" and each department
 * whose figures differ: {"before", "after"}}}, each the scope's member of the snapshot. ERR_DATA when a change names nothing that is there. */
int what_if_write(const struct what_if_question *question, const struct what_if *what_if,
	struct json_out *out, struct err *err);

/* The facts after the changes: shares every list with the question's facts but budget rows and
 * contracts, which are copies. feasible: room for one flag per change, or NULL. Release with
 * what_if_release, before the facts and what_if. ERR_DATA as above. */
int what_if_apply(const struct what_if_question *question, const struct what_if *what_if,
	struct facts *ret_changed, bool *feasible, struct err *err);
void what_if_release(struct facts *changed);

#endif
