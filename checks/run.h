/* One evaluation of the whole ledger, and the documents that are computed from it.
 *
 * Everything here is asynchronous on the given link (one per caller, long statements allowed):
 * facts are read in one snapshot transaction, judged in slices of a few milliseconds so that the
 * loop stays responsive, and stored in one write transaction under the writer's lock. A run that
 * dies leaves nothing behind; the same run again writes nothing. done is called exactly once, never
 * inside the starting call, never after the cancel. Amounts are fen, days civil. */
#ifndef SETASIDE_CHECKS_RUN_H
#define SETASIDE_CHECKS_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"

struct event_base;
struct sql_link;

typedef void (*check_reader_fn)(void *arg, day_t as_of);
struct check_options {
	/* DAY_NONE = today in Shanghai, never a day or two back (clock_day_take). A day before that of the last run on
	 * record is refused (ERR_REFUSED): a past day is what snapshots are for. */
	day_t as_of;
	/* If no run is on record yet, nobody is told of what this one finds: the next one tells what is still so. For a past
	 * day, on which nobody can have been late to act. */
	bool quiet_start;
	bool full; /* judge everything; the findings of states that then turn out the same stand */
	const char *jurisdiction; /* "beijing-xicheng"; copied */
	/* A second link to the same database, or NULL: while everything is judged it reads what the first one's lock holds
	 * still, so that the server reads and writes at the same time. Without it, or when it cannot be had, the run's
	 * link does both. */
	struct sql_link *reader;
	/* The reader is not needed any more: everything was read on that day, what is left is to write. Called with the
	 * arg of done, at most once and before it; where it is not called, the reader is lent until the end. May be NULL. */
	check_reader_fn reader_back;
};

struct check_report {
	int64_t run_id; /* 0 when nothing was stored: see overtaken */
	day_t as_of;
	int64_t known_batch;
	int64_t obligations;
	int64_t states_written, states_removed;
	int64_t figures_written;
	int64_t findings_opened, findings_updated,
		findings_closed; /* reopened ones count as opened */
	int64_t messages_queued;
	int64_t proposals_changed; /* verified debts that came to a waiting proposal or left one */
	bool overtaken; /* a run of a later batch was stored meanwhile; this one stored nothing */
};

struct check_run;
typedef void (*check_done_fn)(void *arg, const struct err *err, const struct check_report *report);
struct check_run *check_run_start(struct event_base *base, struct sql_link *link,
	const struct check_options *options, check_done_fn done, void *arg, struct err *err);
/* Stops at the next slice; a running statement is rolled back by the server. */
void check_run_cancel(struct check_run *run);

struct snapshot_request {
	day_t as_of; /* DAY_NONE = today in Shanghai */
	const char *
		known_at; /* time as PostgreSQL reads it, Shanghai when it names no zone; NULL = now */
	int64_t known_batch;      /* used when known_at is NULL; < 0 = latest */
	int fiscal_year;          /* 0 = the year of as_of */
	bool with_obligations;    /* the long list at the end */
	unsigned members;         /* enum snapshot_member of checks/snapshot.h; 0 = all */
	const char *unit_code;    /* obligations of this unit only; NULL = all; copied */
	const char *jurisdiction; /* copied */
	const char *
		work_order; /* of the work list, as checks/worklist.h reads it; NULL = its default */
	bool legal_order; /* arrears and explanations: payments by 民法典 art. 560, 561 instead of principal first */
};

/* Where the facts of a document come from: printed beside the figures by the commands and the API. */
struct snapshot_source {
	day_t as_of;
	int fiscal_year;
	int64_t known_batch;
	const char *known_at; /* commit time of that batch, ISO with zone; "" for an empty ledger */
	int64_t state_version; /* read in the same snapshot as the facts: the key of cached bodies */
	bool demonstration;
};

struct snapshot_job;
/* json is the whole document (interface.md §3), NUL-terminated; lent for the call. On failure err is set and the others
 * are NULL. */
typedef void (*snapshot_done_fn)(void *arg, const struct err *err,
	const struct snapshot_source *source, const char *json, size_t length);
struct snapshot_job *snapshot_build(struct event_base *base, struct sql_link *link,
	const struct snapshot_request *request, snapshot_done_fn done, void *arg, struct err *err);
void snapshot_cancel(struct snapshot_job *job);

/* Why: the ids of checks/explain_id.h, and `finding/ID`, which is explained through its subject. The answer is a JSON
 * object with the facts, the parameter values and the clarifications used. ERR_DATA when nothing has that id. */
struct snapshot_job *explain_build(struct event_base *base, struct sql_link *link,
	const struct snapshot_request *request, const char *id, snapshot_done_fn done, void *arg,
	struct err *err);

/* The figures after the changes of a what-if file (checks/what_if.h); the ledger is not touched. ERR_DATA when the text
 * cannot be read or a change names nothing. */
struct snapshot_job *what_if_build(struct event_base *base, struct sql_link *link,
	const struct snapshot_request *request, const char *json, size_t length,
	snapshot_done_fn done, void *arg, struct err *err);

#endif
