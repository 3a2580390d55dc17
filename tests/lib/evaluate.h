/* Runs of the checks and snapshots over a test database, waited for. For tests only. */
#ifndef SETASIDE_TESTS_EVALUATE_H
#define SETASIDE_TESTS_EVALUATE_H

#include <jansson.h>

#include "checks/run.h"

struct event_base;
struct sql_link;

/* Judges everything: for tests that change rows behind the ledger's back. */
struct check_report evaluate(struct event_base *base, struct sql_link *link, const char *as_of);
/* Judges what batches since the last run touched. */
struct check_report evaluate_changes(
	struct event_base *base, struct sql_link *link, const char *as_of);
/* As a command does for a past day: if it is the first run, it tells nobody. */
struct check_report evaluate_quietly(
	struct event_base *base, struct sql_link *link, const char *as_of);
/* A run for tests that do something while it is under way: the caller turns the loop until done. The district's
 * jurisdiction is filled in. evaluation must outlive the run. */
struct evaluation {
	bool done;
	struct err err;
	struct check_report report;
};
struct check_run *evaluate_start(struct event_base *base, struct sql_link *link,
	struct check_options options, struct evaluation *evaluation);
/* The same to its end, whatever that is. */
struct evaluation evaluate_with(
	struct event_base *base, struct sql_link *link, struct check_options options);

/* The whole document (free); known_at may be NULL, known_batch < 0 = latest. Fails the test on an error. */
char *evaluate_snapshot(struct event_base *base, struct sql_link *link, const char *as_of,
	const char *known_at, int64_t known_batch);
/* The document of any request (json_decref), or NULL with err set. */
json_t *evaluate_document(struct event_base *base, struct sql_link *link,
	const struct snapshot_request *request, struct err *err);
/* The explanation (free), or NULL with err set. */
char *evaluate_explain(struct event_base *base, struct sql_link *link, const char *as_of,
	const char *id, struct err *err);

#endif
