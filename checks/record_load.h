/* Reads what the findings of records rest on (checks/findings.h): the law, the units, and of a budget year and the one
 * before it the budget rows, the contracts signed since then or without a day, with suppliers, changes, deposits, parties
 * and notices, and the year marks.
 *
 * One REPEATABLE READ READ ONLY transaction of its own, streamed; no lock is held. */
#ifndef SETASIDE_CHECKS_RECORD_LOAD_H
#define SETASIDE_CHECKS_RECORD_LOAD_H

#include "checks/load.h"

struct record_load;
/* ledger is the receiver's to free; NULL on failure. done: once, never inside record_load_start(), never after the cancel. */
typedef void (*record_load_fn)(void *arg, const struct err *err, struct ledger *ledger);
struct record_load *record_load_start(struct sql_link *link, const char *jurisdiction,
	int fiscal_year, record_load_fn done, void *arg, struct err *err);
void record_load_cancel(struct record_load *load);

#endif
