/* What a command needs to run the daemon's asynchronous code to completion: configuration, a loop of its own, a link.
 *
 * A command starts its work and calls session_run, which turns the loop until session_finish was called (from the
 * work's callback). Everything is freed by session_close, outside any callback. */
#ifndef SETASIDE_DAEMON_SESSION_H
#define SETASIDE_DAEMON_SESSION_H

#include <stdbool.h>

#include "core/err.h"

struct archive;
struct command_call;
struct config;
struct event_base;
struct fetch;
struct source_env;
struct sql_link;

struct session {
	struct event_base *base;
	struct config *config;
	struct sql_link *link;   /* fails at once when the database cannot be reached */
	struct fetch *fetch;     /* after session_open_sources */
	struct archive *archive; /* after session_open_sources */
	char *scratch;           /* directory of a rehearsal, NULL = none */
	bool finished;
	int status;
};

enum session_check { SESSION_ANY_SCHEMA, SESSION_CURRENT_SCHEMA };

/* Reads the configuration, connects when needed and checks the schema. Returns 0, or the exit status after having told
 * the reason on stderr; session_close is due in both cases. */
int session_open(
	struct session *session, const struct command_call *call, enum session_check check);
/* The means of source runs; those of a rehearsal keep the original bytes in a scratch directory, which goes with the
 * session. Returns as session_open. */
int session_open_sources(struct session *session, bool rehearsal, struct source_env *ret_env);
/* Returns session.status. */
int session_run(struct session *session);
/* err NULL or without code: done with status 0; else told on stderr. */
void session_finish(struct session *session, const struct err *err);
void session_close(struct session *session);
/* One piece of work in a session of its own: opened with the current schema, closed whatever the work returns. */
int session_with(const struct command_call *call,
	int (*work)(struct session *session, const struct command_call *call));

/* The configuration alone; NULL after its errors were told on stderr. */
struct config *session_config(const struct command_call *call);

#endif
