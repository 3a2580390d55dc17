/* One look at the records: the findings of records (checks/findings.h) with their life cycle, stored and told to nobody.
 *
 * Apart from the evaluation of the law (checks/run.h), because nothing waits for it: facts of two budget years are read
 * in a snapshot without any lock, looked at in slices, and only what they come to is compared with what is on record
 * under the writer's lock. The budget year is that of the day; with the turn of a year the findings about records older
 * than the year before are closed. A look that changes nothing writes nothing.
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
	int64_t seen_batch; /* nothing to do when this batch is still the last one; < 0 = look */
};
struct record_report {
	int64_t known_batch;
	int64_t findings;                /* that the records give */
	int64_t opened, updated, closed; /* reopened ones count as opened */
	bool looked;                     /* false: the batch was seen already */
	bool overtaken; /* a look at a later batch is on record; nothing was stored */
};

struct record_run;
typedef void (*record_done_fn)(
	void *arg, const struct err *err, const struct record_report *report);
struct record_run *record_run_start(struct event_base *base, struct sql_link *link,
	const struct record_options *options, record_done_fn done, void *arg, struct err *err);
/* Stops at the next slice; a running statement is rolled back by the server. */
void record_run_cancel(struct record_run *run);

#endif
