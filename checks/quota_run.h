/* The set-aside of one year inside a run: reads the rows of the touched units, judges them a unit at a time, and adds what
 * is kept of the other units.
 *
 * Works in slices of a few milliseconds, so that the loop stays responsive. Everything happens in the caller's write
 * transaction. */
#ifndef SETASIDE_CHECKS_QUOTA_RUN_H
#define SETASIDE_CHECKS_QUOTA_RUN_H

#include "checks/quota_part.h"

struct event_base;
struct sql_tx;

struct quota_run_question {
	struct event_base *base;
	struct sql_tx *tx;
	const struct ledger *ledger; /* law, units and what is known */
	int fiscal_year;
	day_t as_of;
	const char *touched; /* array literal of unit codes, copied; NULL = all */
	bool keep;           /* keeps the parts for the next run; needed when not all are judged */
};

struct quota_run;
/* Borrows what the question points to. year is the quota run's; NULL on failure. done is called once, never inside the
 * starting call. */
typedef void (*quota_run_done_fn)(void *arg, const struct err *err, const struct quota_year *year);
struct quota_run *quota_run_start(
	const struct quota_run_question *question, quota_run_done_fn done, void *arg);
/* Also while it is under way: nobody is called any more. NULL is fine. */
void quota_run_free(struct quota_run *run);

#endif
