/* One asynchronous PostgreSQL connection with reconnect, and the queue of jobs that wait for it.
 *
 * Runs on one event_base, never blocks it. A link is created by daemon/monitor.c (or a command),
 * lent to modules, and freed by its creator. Outside sql/ nobody sees libpq. States: DOWN ->
 * CONNECTING -> READY -> DOWN ...; CLOSED is final. Reconnect: jittered exponential wait, 250 ms to
 * 30 s, reset after 60 s of uptime.
 *
 * Every session has timezone Asia/Shanghai, client_encoding UTF8, DateStyle ISO, search_path
 * setaside, time-outs, and no JIT: compiling would take longer than the statements here run. A
 * foreign link (a source database) gets only what its server version knows and is read-only. */
#ifndef SETASIDE_SQL_LINK_H
#define SETASIDE_SQL_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"

struct event_base;
struct sql_link;

enum sql_link_state { SQL_LINK_DOWN, SQL_LINK_CONNECTING, SQL_LINK_READY, SQL_LINK_CLOSED };
const char *sql_link_state_name(enum sql_link_state state);

struct sql_link_options {
	const char *dsn;           /* libpq connection string or URI; copied */
	const char *password_file; /* may be NULL; one line; read at every connect, never logged */
	const char
		*name; /* "store", "read-1", "source treasury": for the log and application_name */
	bool foreign;  /* a source database: read-only, no schema check */
	bool once;     /* commands: no reconnect, the first failure fails all jobs */
	bool prepares; /* statements that come again are planned once (but sql_call.anew); for links
			  whose statements come often and find about as many rows each time */
	int connect_deadline_ms; /* 0 = 10000 */
	int queue_limit;         /* 0 = 1024 waiting jobs; above it a submit fails with ERR_LIMIT */
	int heartbeat_ms;        /* 0 = 30000; of a link that listens; answer due within a sixth */
};

struct sql_link *sql_link_new(
	struct event_base *base, const struct sql_link_options *options, struct err *err);

/* Fails the running and all waiting jobs (ERR_CANCELLED), closes. NULL is fine. Not from inside a
 * job callback of the same link: use sql_link_close there and free later. */
void sql_link_free(struct sql_link *link);
void sql_link_close(struct sql_link *link, const char *reason);

enum sql_link_state sql_link_state(const struct sql_link *link);
/* Reason of the last fall, "" if none; server version as libpq gives it (150018), 0 while down. */
const char *sql_link_last_error(const struct sql_link *link);
int sql_link_server_version(const struct sql_link *link);
int sql_link_waiting(const struct sql_link *link);
/* How many sessions it has had: when it has grown, what belonged to a session (a lock) is gone. */
int64_t sql_link_sessions(const struct sql_link *link);

/* Called after every change of state, never from inside the caller's own call. */
typedef void (*sql_link_watch_fn)(void *arg, enum sql_link_state state, const char *reason);
void sql_link_watch(struct sql_link *link, sql_link_watch_fn watch, void *arg);

#endif
