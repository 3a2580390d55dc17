/* Commands that print the rows of one statement: as a table, CSV or JSON on stdout, or as a file. */
#ifndef SETASIDE_DAEMON_LISTING_H
#define SETASIDE_DAEMON_LISTING_H

#include "daemon/command.h"
#include "daemon/session.h"
#include "daemon/tabulate.h"

struct sql_params;

enum { LISTING_ROWS_MAX = 100000 };              /* give it to the statement as its limit */
extern const char *const listing_format_words[]; /* "json", "csv", "table", "xlsx", NULL */

struct listing {
	const char *sql;
	const struct sql_params *params;
	const struct tab_column *columns; /* members are the statement's column names */
	int count;
	const struct command_value *format, *out;
};
/* Runs on an open session; the exit status. Told on stderr: that there may be more rows than were shown. */
int listing_run(struct session *session, const struct listing *listing);
/* The rows alone: a new array of objects (json_decref), NULL after the error was told. */
json_t *listing_rows(struct session *session, const struct listing *listing);

#endif
