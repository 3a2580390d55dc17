/* A connection string taken apart once, and put together for every connect. Inside sql/ only.
 *
 * * Adds what every session of ours needs (time zone, time-outs, keepalives, names) and decides
 * what a remote server must prove: without an sslmode in the string a server that is not on this
 * machine must pass verify-full. */
#ifndef SETASIDE_SQL_DSN_H
#define SETASIDE_SQL_DSN_H

#include <stdbool.h>

#include "core/err.h"

enum { DSN_WORDS_MAX = 64 };
struct sql_dsn {
	int count;
	char *keyword[DSN_WORDS_MAX]; /* owned; the last entry is NULL as libpq wants it */
	char *value[DSN_WORDS_MAX];
};

/* NULL and ERR_USAGE when the string means nothing. name goes into application_name;
 * statement_ms is the statement_timeout. foreign: no start-up options, for servers of any
 * version. */
struct sql_dsn *sql_dsn_new(
	const char *text, const char *name, bool foreign, int statement_ms, struct err *err);
struct sql_dsn *sql_dsn_copy(const struct sql_dsn *dsn);
void sql_dsn_free(struct sql_dsn *dsn);
const char *sql_dsn_get(const struct sql_dsn *dsn, const char *keyword); /* "" if not there */
void sql_dsn_set(struct sql_dsn *dsn, const char *keyword, const char *value);
/* True if some host must be looked up before libpq sees the list (libpq would block on it). */
bool sql_dsn_has_names(const struct sql_dsn *dsn);

#endif
