/* Restatement and trend out of the ledger: the same figures as known at several times.
 *
 * One ledger is read after the other, each in a snapshot transaction of its own. done is called
 * exactly once, never inside the starting call, never after the cancel. */
#ifndef SETASIDE_CHECKS_RESTATEMENT_H
#define SETASIDE_CHECKS_RESTATEMENT_H

#include <stddef.h>

#include "core/day.h"
#include "core/err.h"

struct sql_link;

struct restatement_request {
	day_t as_of;     /* DAY_NONE = today in Shanghai */
	int fiscal_year; /* 0 = the year of as_of */
	const char *known_before,
		*known_after;     /* times as PostgreSQL reads them; copied. after: NULL =
						   now */
	const char *jurisdiction; /* copied */
};

struct restatement;
/* json: see checks/restate.h; lent for the call. On failure err is set and json is NULL. */
typedef void (*restatement_done_fn)(
	void *arg, const struct err *err, const char *json, size_t length);
struct restatement *restatement_start(struct sql_link *link,
	const struct restatement_request *request, restatement_done_fn done, void *arg,
	struct err *err);

/* The plan shares as they were known at the end of each month of the year, to as_of: {"points":
 * [{"as_of", "known_batch", "scopes": [{"scope", "strict_base_fen", "adjusted_base_fen",
 * "sme_fen", "small_micro_fen"}]}]}. A month before the first batch has no point. known_before and
 * known_after are not used. */
struct restatement *trend_start(struct sql_link *link, const struct restatement_request *request,
	restatement_done_fn done, void *arg, struct err *err);

#endif
