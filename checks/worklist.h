/* The day's work: overdue rows in a written order (E-7), which of them are new since yesterday, and what was cleared since.
 *
 * The order is a list of criteria, applied one after the other; rows that are equal in all of them go by number. The
 * default puts verified and undisputed ones first, then single debts of up to 500,000 yuan, then the largest product of
 * amount and days. A row that may be paid, or that a person refuted, is no work of this list. */
#ifndef SETASIDE_CHECKS_WORKLIST_H
#define SETASIDE_CHECKS_WORKLIST_H

#include "checks/review.h"
#include "checks/told_before.h"
#include "core/map.h"

enum worklist_criterion {
	WORK_VERIFIED_UNDISPUTED,
	WORK_SMALL_DEBT,
	WORK_AMOUNT_DAYS,
	WORK_AMOUNT,
	WORK_DAYS,
	WORK_LIMITATION,
	WORK_CRITERIA
};
/* "verified-undisputed", "small-debt", "amount-days", "amount", "days", "limitation" */
const char *worklist_criterion_name(int criterion);

struct worklist_order {
	enum worklist_criterion criteria[WORK_CRITERIA];
	int count;
};
extern const struct worklist_order worklist_default;
/* Reads "verified-undisputed, small-debt, amount-days". False for an unknown or repeated word, or none. */
bool worklist_order_parse(const char *text, struct worklist_order *ret);

struct worklist_row {
	const struct obligation_state *state;
	const char *obligation_no;
	enum standing standing;
	bool fresh; /* was not on the list of the day before */
};
struct worklist_cleared {
	const char *obligation_no;
	fen_t before; /* overdue on the day before, nothing of it is today */
};

struct worklist {
	const struct facts *facts;
	const struct review_book *reviews; /* may be NULL */
	struct worklist_order order;
	day_t as_of;
	struct worklist_row *rows;
	size_t count, capacity;
	struct worklist_cleared *cleared; /* by number */
	size_t cleared_count, cleared_capacity;
	day_t since;         /* the day before: of the last run, else of the same records */
	fen_t *before;       /* by obligation row; overdue the day before */
	bool *listed;        /* by obligation row; that was told as a suspicion */
	bool *open;          /* by obligation row; overdue today, work or not */
	struct map projects; /* project code -> newest budget row with a name */
};
/* Borrows both. */
void worklist_init(struct worklist *list, const struct facts *facts,
	const struct review_book *reviews, const struct worklist_order *order, day_t as_of);
/* Where no run looked at an earlier day: a state of the day before by the same records. Of these, and of those below, all
 * come before the first worklist_add(). */
void worklist_add_before(struct worklist *list, const struct obligation_state *state);
/* What runs of earlier days had said of a debt, and its row as it is now, MAP_NONE if it is gone from the records. */
void worklist_add_told(struct worklist *list, const struct debt_before *debt, uint32_t obligation);
/* The state must live until worklist_free(). */
void worklist_add(struct worklist *list, const struct obligation_state *state);
void worklist_finish(struct worklist *list); /* sorts, and finds what was cleared */
/* 项目名称: as the contract has it, else the name of the budget row of its project; "" if none is known. */
const char *worklist_project_name(const struct worklist *list, const struct worklist_row *row);
void worklist_free(struct worklist *list);

#endif
