/* Runs of the checks and snapshots over a test database, waited for. For tests only. */
#ifndef SETASIDE_TESTS_EVALUATE_H
#define SETASIDE_TESTS_EVALUATE_H

#include "checks/run.h"

struct event_base;
struct sql_link;

day_t evaluate_day(const char *text); /* "2026-10-20" */
/* Judges everything: for tests that change rows behind the ledger's back. */
struct check_report evaluate(struct event_base *base, struct sql_link *link, const char *as_of);
/* Judges what batches since the last run touched. */
struct check_report evaluate_changes(
	struct event_base *base, struct sql_link *link, const char *as_of);
/* As a command does for a past day: if it is the first run, it tells nobody. */
struct check_report evaluate_quietly(
	struct event_base *base, struct sql_link *link, const char *as_of);
/* The whole document (free); known_at may be NULL, known_batch < 0 = latest. Fails the test on an error. */
char *evaluate_snapshot(struct event_base *base, struct sql_link *link, const char *as_of,
	const char *known_at, int64_t known_batch);
/* The explanation (free), or NULL with err set. */
char *evaluate_explain(struct event_base *base, struct sql_link *link, const char *as_of,
	const char *id, struct err *err);

#endif
