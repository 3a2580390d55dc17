/* Jobs and transactions of sql/job.h made blocking, for tests: each call turns the loop until
 * the answer is there. */
#ifndef SETASIDE_TESTS_SQL_RUN_H
#define SETASIDE_TESTS_SQL_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "sql/job.h"
#include "sql/link.h"

struct event_base;

enum { SQL_RUN_PATIENCE_MS = 30000 };

/* What the callbacks of one call left behind. Must outlive the call it is given to. */
struct sql_heard {
	bool done;
	int calls; /* how often done was called */
	int rows;
	char text[256]; /* first column of the last row */
	struct sql_outcome outcome;
	struct sql_tx *tx;
};
void sql_heard_row(void *arg, const struct sql_row *row);
void sql_heard_done(void *arg, const struct sql_outcome *outcome);

struct sql_link *sql_run_link(struct event_base *base, const char *dsn);
void sql_run_until_ready(struct event_base *base, struct sql_link *link);
struct sql_job *sql_run_start(
	struct sql_link *link, const char *text, int deadline_ms, struct sql_heard *heard);
struct sql_heard sql_run(struct event_base *base, struct sql_link *link, const char *text);
struct sql_heard sql_run_within(
	struct event_base *base, struct sql_link *link, const char *text, int deadline_ms);
struct sql_tx *sql_run_begin(
	struct event_base *base, struct sql_link *link, enum sql_tx_mode mode, int deadline_ms);
struct sql_heard sql_run_in(struct event_base *base, struct sql_tx *tx, const char *text);
struct sql_heard sql_run_commit(struct event_base *base, struct sql_tx *tx);
struct sql_heard sql_run_rollback(struct event_base *base, struct sql_tx *tx);

#endif
