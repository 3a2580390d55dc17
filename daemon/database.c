/* The store link stands for all: when it is up and the schema is right, work may start. The other links follow within
 * their own reconnect waits, and jobs on them wait as long as their deadlines allow. */
#include "daemon/database.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/mem.h"
#include "core/text.h"
#include "daemon/config.h"
#include "sql/job.h"
#include "sql/link.h"
#include "sql/migrate.h"

enum { REASON_MAX = 512 };
static const struct timeval RECHECK = { 30, 0 };

static const char *const role_names[DATABASE_ROLES] = {
	[DATABASE_STORE] = "store",
	[DATABASE_OUTBOX] = "outbox",
	[DATABASE_CHECK] = "check",
	[DATABASE_DOCUMENT] = "document",
	[DATABASE_READ_1] = "read-1",
	[DATABASE_READ_2] = "read-2",
	[DATABASE_LISTEN] = "listen",
};

static const char CHANNEL_BATCH[] = "setaside_batch";
static const char CHANNEL_OUTBOX[] = "setaside_outbox";

struct database {
	struct database_hooks hooks;
	struct sql_link *link[DATABASE_ROLES];
	struct event *recheck;
	enum database_state state;
	char reason[REASON_MAX];
	bool checking, quiet;
};

const char *database_state_name(enum database_state state)
{
	switch (state) {
	case DATABASE_AWAY:
		return "away";
	case DATABASE_WRONG_SCHEMA:
		return "wrong schema";
	case DATABASE_READY:
		return "ready";
	}
	BUG("database state %d", (int)state);
}

static void set_state(struct database *database, enum database_state state, const char *reason)
{
	bool same = database->state == state && strcmp(database->reason, reason) == 0;
	if (database->quiet || same)
		return;
	if (database->state != state)
		log_info("database", "%s -> %s%s%s", database_state_name(database->state),
			database_state_name(state), *reason ? ": " : "", reason);
	database->state = state;
	text_copy(database->reason, sizeof(database->reason), reason);
	database->hooks.changed(database->hooks.arg, state, database->reason);
}

static void on_schema(void *arg, const struct err *err, int version)
{
	struct database *database = arg;
	(void)version;
	database->checking = false;
	if (!err || err->code == ERR_NONE) {
		set_state(database, DATABASE_READY, "");
	} else if (err->code == ERR_DB_DOWN || err->code == ERR_TIMEOUT ||
		   err->code == ERR_CANCELLED) {
		set_state(database, DATABASE_AWAY, err->text);
	} else {
		set_state(database, DATABASE_WRONG_SCHEMA, err->text);
		if (!database->quiet)
			event_add(database->recheck, &RECHECK);
	}
}

static void check_schema(struct database *database)
{
	if (database->checking || database->quiet)
		return;
	database->checking = true;
	sql_schema_check(database->link[DATABASE_STORE], on_schema, database);
}

static void on_recheck(evutil_socket_t fd, short what, void *arg)
{
	struct database *database = arg;
	(void)fd, (void)what;
	if (database->state == DATABASE_WRONG_SCHEMA)
		check_schema(database);
}

static void on_store_state(void *arg, enum sql_link_state state, const char *reason)
{
	struct database *database = arg;
	if (state == SQL_LINK_READY)
		check_schema(database);
	else if (state == SQL_LINK_DOWN)
		set_state(database, DATABASE_AWAY, reason ? reason : "");
}

static void on_notify(void *arg, const char *channel, const char *payload)
{
	struct database *database = arg;
	(void)payload;
	if (database->quiet || database->state != DATABASE_READY)
		return;
	if (strcmp(channel, CHANNEL_BATCH) == 0)
		database->hooks.batch(database->hooks.arg);
	else
		database->hooks.outbox(database->hooks.arg);
}

static int open_links(struct database *database, struct event_base *base,
	const struct config *config, struct err *err)
{
	static const char *const channels[] = { CHANNEL_BATCH, CHANNEL_OUTBOX, NULL };
	for (int role = 0; role < DATABASE_ROLES; role++) {
		struct sql_link_options options = { .dsn = config->dsn,
			.password_file = config->password_path,
			.name = role_names[role],
			/* A changed row is to be told within a moment: planning would be most of it. */
			.prepares = role == DATABASE_CHECK || role == DATABASE_OUTBOX };
		database->link[role] = sql_link_new(base, &options, err);
		if (!database->link[role])
			return -1;
	}
	sql_link_watch(database->link[DATABASE_STORE], on_store_state, database);
	return sql_link_listen(database->link[DATABASE_LISTEN], channels, on_notify, database, err);
}

struct database *database_new(struct event_base *base, const struct config *config,
	const struct database_hooks *hooks, struct err *err)
{
	struct database *database = mem_zero(1, sizeof(*database));
	database->hooks = *hooks;
	database->recheck = evtimer_new(base, on_recheck, database);
	if (!database->recheck)
		BUG("no timer for the schema check");
	if (open_links(database, base, config, err) == 0)
		return database;
	database_free(database);
	return NULL;
}

void database_free(struct database *database)
{
	if (!database)
		return;
	database->quiet = true;
	for (int role = DATABASE_ROLES - 1; role >= 0; role--)
		sql_link_free(database->link[role]);
	event_free(database->recheck);
	free(database);
}

struct sql_link *database_link(const struct database *database, enum database_role role)
{
	return database->link[role];
}

enum database_state database_state(const struct database *database)
{
	return database->state;
}

const char *database_reason(const struct database *database)
{
	return database->reason;
}

int database_waiting(const struct database *database)
{
	int waiting = 0;
	for (int role = 0; role < DATABASE_ROLES; role++)
		waiting += sql_link_waiting(database->link[role]);
	return waiting;
}

void database_quiet(struct database *database)
{
	database->quiet = true;
	event_del(database->recheck);
}
