/* The monitor's connections to its database, and whether they can be worked with.
 *
 * One link per role, so that a long batch does not hold up deliveries or pages: store (batches), outbox (deliveries),
 * check (evaluations), document (snapshots for pages), read-1 and read-2 (pages), listen. Links come back by
 * themselves; each time the store link does, the schema version is looked at before anyone may work. The daemon never
 * migrates. Hooks are called from the loop, never inside a call of this header. */
#ifndef SETASIDE_DAEMON_DATABASE_H
#define SETASIDE_DAEMON_DATABASE_H

#include <stdbool.h>

#include "core/err.h"

struct config;
struct database;
struct event_base;
struct sql_link;

enum database_state {
	DATABASE_AWAY,         /* cannot be reached; reason says why */
	DATABASE_WRONG_SCHEMA, /* reason says which command to run; looked at again every 30 s */
	DATABASE_READY
};
const char *database_state_name(enum database_state state);

struct database_hooks {
	void (*changed)(void *arg, enum database_state state, const char *reason);
	/* Something happened, or may have happened while the link was away. */
	void (*batch)(void *arg);
	void (*outbox)(void *arg);
	void *arg;
};

enum database_role {
	DATABASE_STORE,
	DATABASE_OUTBOX,
	DATABASE_CHECK,
	DATABASE_DOCUMENT,
	DATABASE_READ_1,
	DATABASE_READ_2,
	DATABASE_LISTEN,
	DATABASE_ROLES
};

/* Starts connecting. hooks are copied, config is only read here. */
struct database *database_new(struct event_base *base, const struct config *config,
	const struct database_hooks *hooks, struct err *err);
void database_free(struct database *database);

struct sql_link *database_link(const struct database *database, enum database_role role);
enum database_state database_state(const struct database *database);
const char *database_reason(const struct database *database); /* "" when ready */
/* Jobs that wait or run on all links. */
int database_waiting(const struct database *database);
/* No hook is called after this: the first step of a stop. */
void database_quiet(struct database *database);

#endif
