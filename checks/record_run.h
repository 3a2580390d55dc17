/* One look at the records: the findings of records (checks/findings.h) with their life cycle, stored and told to nobody.
 *
 * Apart from the evaluation of the law (checks/run.h), because nothing waits for it. A look judges what changed since the last
 * one (checks/record_scope.h), or all of two budget years, in pieces: each is read, judged and sent before the next one is
 * read, so memory does not grow with the ledger. No lock is held while it reads and judges; only what it came to is compared
 * with what is on record under the writer's lock. The budget year is that of the day; with the turn of a year the findings
 * about records older than the year before are closed. A look that changes nothing writes nothing but what it saw, and not even
 * that when the last one saw the same.
 *
 * done is called exactly once, never inside the start, never after the cancel. */
#ifndef SETASIDE_CHECKS_RECORD_RUN_H
#define SETASIDE_CHECKS_RECORD_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"

struct event_base;
struct sql_link;

struct record_options {
	day_t as_of;
	const char *jurisdiction; /* copied */
	bool full;                /* judge all, not only what changed since the last look */
};
struct record_report {
	int64_t known_batch;
	int64_t procurements;            /* that were judged */
	int64_t findings;                /* that their records give */
	int64_t opened, updated, closed; /* reopened ones count as opened */
	bool looked;                     /* false: the last look saw the same batch, day and law */
	bool overtaken;                  /* another look came first; nothing was stored */
};

struct record_run;
typedef void (*record_done_fn)(
	void *arg, const struct err *err, const struct record_report *report);
struct record_run *record_run_start(struct event_base *base, struct sql_link *link,
	const struct record_options *options, record_done_fn done, void *arg, struct err *err);
/* Stops at the next slice; a running statement is rolled back by the server. */
void record_run_cancel(struct record_run *run);

#endif
