/* What units add to the set-aside of a year (table quota_part), in the caller's write transaction: which units a run has to
 * judge again, what it keeps of them, and what is kept of the others. One step at a time; done is called once, never inside
 * the call. Amounts are fen. */
#ifndef SETASIDE_SQL_STORE_QUOTA_PART_H
#define SETASIDE_SQL_STORE_QUOTA_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"

struct sql_tx;

struct quota_part_store;
struct quota_part_store *quota_part_store_new(struct sql_tx *tx);
/* After the end of the transaction; drops a step under way. NULL is fine. */
void quota_part_store_free(struct quota_part_store *store);

/* any: something may differ. units: array literal of the units that are touched, "{}" when it is only something of the whole
 * year; lent for the call, NULL on failure. after: the batch that the last run knew; paid: this run wrote states of the
 * year's contracts. */
typedef void (*quota_touched_fn)(void *arg, const struct err *err, bool any, const char *units);
void quota_part_store_touched(struct quota_part_store *store, int64_t after, int fiscal_year,
	bool paid, quota_touched_fn done, void *arg);

/* Keeps the parts of those units (NULL: of all) and no other of theirs. parts: JSON array of objects {unit_code, department,
 * numbers, questions}; both are copied. */
typedef void (*quota_part_done_fn)(void *arg, const struct err *err);
void quota_part_store_keep(struct quota_part_store *store, int fiscal_year, const char *units,
	const char *parts, quota_part_done_fn done, void *arg);

/* The kept parts of all other units, in no order; lent for the call. numbers: array literal, questions: JSON. */
struct quota_part_row {
	const char *unit_code, *department, *numbers, *questions;
};
typedef void (*quota_part_row_fn)(void *arg, const struct quota_part_row *row);
void quota_part_store_read(struct quota_part_store *store, int fiscal_year, const char *units,
	quota_part_row_fn row, quota_part_done_fn done, void *arg);

#endif
