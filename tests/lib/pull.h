/* One source run for a test: a database, an archive and a loop, and the report of what happened. */
#ifndef SETASIDE_TESTS_PULL_H
#define SETASIDE_TESTS_PULL_H

#include <stdbool.h>

#include "collectors/source.h"
#include "lib/dir.h"

struct pg_db;
struct sql_link;

struct pull {
	struct pg_db *db;
	bool db_lent;
	struct event_base *base;
	struct sql_link *link;
	struct archive *archive;
	struct source_env env;
	char state[DIR_PATH_MAX]; /* holds the archive */
	char data[DIR_PATH_MAX];  /* for the files to be imported */

	bool done;
	bool failed;
	struct err err;
	struct source_report report;
};

void pull_setup(struct pull *pull);
/* On a database of the caller's, which may go away and come back. */
void pull_setup_on(struct pull *pull, struct pg_db *db, const char *dsn);
void pull_teardown(struct pull *pull);
/* Runs to the end; the answer is in pull. */
void pull_run(struct pull *pull, const struct source_config *config,
	const struct source_options *options);
/* Imports pull->data as a canonical directory. */
void pull_import(struct pull *pull, bool complete);

#endif
