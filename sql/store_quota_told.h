/* What was told last of the set-aside's gaps (table quota_told), in the caller's write transaction: read before a run decides
 * what to tell, kept with the message that it queues. Amounts are fen. */
#ifndef SETASIDE_SQL_STORE_QUOTA_TOLD_H
#define SETASIDE_SQL_STORE_QUOTA_TOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"
#include "core/money.h"

struct sql_tx;

/* One scope and year. */
struct quota_told_row {
	int fiscal_year;
	const char *scope; /* "district" or the code of a department */
	day_t told_on;     /* DAY_NONE: nothing was told of it yet; the rest is then empty */
	bool open;         /* the last message said that there is a gap */
	const char *grade; /* "notice", "warning", "urgent", "final" */
	fen_t sme_gap, small_micro_gap;
	int64_t sme_finding,
		small_micro_finding; /* on record, open or closed; 0 = none; only read */
};

struct quota_told_store;
struct quota_told_store *quota_told_store_new(struct sql_tx *tx);
/* After the end of the transaction; drops a step under way. NULL is fine. */
void quota_told_store_free(struct quota_told_store *store);

/* Every scope of the year and the one before that something was told of or that has a finding, in no order; the row is lent
 * for the call. Then done once, with whether anything can be told of the year before: more of a gap that was told, or its
 * final figures, unless nothing of that year came after batch `after` (-1 = whatever came). */
typedef void (*quota_told_row_fn)(void *arg, const struct quota_told_row *row);
typedef void (*quota_told_done_fn)(void *arg, const struct err *err);
typedef void (*quota_told_read_fn)(void *arg, const struct err *err, bool past);
void quota_told_store_read(struct quota_told_store *store, int fiscal_year, int64_t known_batch,
	int64_t after, quota_told_row_fn row, quota_told_read_fn done, void *arg);

/* Keeps the row and links the run's messages of the case with the scope's findings: the open ones, or the closed ones when
 * the row is not open. Texts are copied. */
void quota_told_store_keep(struct quota_told_store *store, int64_t run_id,
	const struct quota_told_row *row, quota_told_done_fn done, void *arg);

#endif
