#include "daemon/database.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <string.h>

#include "core/mem.h"
#include "daemon/config.h"
#include "lib/pg.h"

enum { WAIT_MS = 20000 };

struct probe {
	struct database *database;
	int changes, batches, outboxes;
	char reason[512];
};

static void on_changed(void *arg, enum database_state state, const char *reason)
{
	struct probe *probe = arg;
	(void)state;
	probe->changes++;
	snprintf(probe->reason, sizeof(probe->reason), "%s", reason);
}

static void on_batch(void *arg)
{
	((struct probe *)arg)->batches++;
}

static void on_outbox(void *arg)
{
	((struct probe *)arg)->outboxes++;
}

static struct event_base *base;
static struct config *config;

static void open_database(struct probe *probe, const char *dsn)
{
	struct err err = ERR_INIT;
	struct conf_errors errors = CONF_ERRORS_INIT;
	const struct database_hooks hooks = { on_changed, on_batch, on_outbox, probe };
	_cleanup_free_ char *text =
		mem_format("database { dsn = \"%s\" }\njurisdiction = \"beijing-xicheng\"\n", dsn);
	base = pg_loop_new();
	config = config_parse("a.conf", text, strlen(text), &errors);
	cr_assert_not_null(config, "%s", errors.count ? errors.line[0] : "");
	probe->database = database_new(base, config, &hooks, &err);
	cr_assert_not_null(probe->database, "%s", err.text);
}

static void close_database(struct probe *probe)
{
	database_free(probe->database);
	config_unref(config);
	pg_loop_free(base);
}

static bool is_ready(void *arg)
{
	return database_state(((struct probe *)arg)->database) == DATABASE_READY;
}

static bool is_away(void *arg)
{
	struct probe *probe = arg;
	return probe->changes > 0 && database_state(probe->database) == DATABASE_AWAY;
}

static bool is_wrong(void *arg)
{
	return database_state(((struct probe *)arg)->database) == DATABASE_WRONG_SCHEMA;
}

static bool heard_both(void *arg)
{
	const struct probe *probe = arg;
	return probe->batches > 0 && probe->outboxes > 0;
}

Test(database, a_migrated_database_is_ready)
{
	struct probe probe = { 0 };
	struct pg_db *db = pg_db_new();
	open_database(&probe, pg_db_dsn(db));
	pg_loop_until_true(base, is_ready, &probe, WAIT_MS);
	cr_expect_str_eq(database_reason(probe.database), "");
	close_database(&probe);
	pg_db_free(db);
}

Test(database, a_database_without_schema_names_the_command)
{
	struct probe probe = { 0 };
	struct pg_db *db = pg_db_new_empty();
	open_database(&probe, pg_db_dsn(db));
	pg_loop_until_true(base, is_wrong, &probe, WAIT_MS);
	cr_expect(strstr(probe.reason, "setaside migrate"), "%s", probe.reason);
	close_database(&probe);
	pg_db_free(db);
}

static bool heard_again(void *arg)
{
	const struct probe *probe = arg;
	return probe->batches >= 2 && probe->outboxes >= 2;
}

Test(database, notifications_reach_their_hooks_until_it_is_quiet)
{
	struct probe probe = { 0 };
	struct pg_db *db = pg_db_new();
	open_database(&probe, pg_db_dsn(db));
	pg_loop_until_true(base, is_ready, &probe, WAIT_MS);
	/* Whether LISTEN came before or after is not known: the catch-up after it is the first one heard. */
	for (int i = 0; i < 100 && !heard_both(&probe); i++) {
		pg_exec(db, "NOTIFY setaside_batch; NOTIFY setaside_outbox");
		pg_loop_for(base, 20);
	}
	cr_assert(heard_both(&probe));
	probe.batches = probe.outboxes = 1;
	pg_exec(db, "NOTIFY setaside_batch; NOTIFY setaside_outbox");
	pg_loop_until_true(base, heard_again, &probe, WAIT_MS);
	database_quiet(probe.database);
	int batches = probe.batches;
	pg_exec(db, "NOTIFY setaside_batch");
	pg_loop_for(base, 100);
	cr_expect_eq(probe.batches, batches);
	close_database(&probe);
	pg_db_free(db);
}

Test(database, an_outage_is_a_state_and_ends_by_itself)
{
	struct probe probe = { 0 };
	struct pg_server *server = pg_server_new();
	open_database(&probe, pg_server_dsn(server));
	pg_loop_until_true(base, is_wrong, &probe, WAIT_MS);
	pg_server_stop(server, PG_STOP_IMMEDIATE);
	pg_loop_until_true(base, is_away, &probe, WAIT_MS);
	cr_expect_neq(database_reason(probe.database)[0], '\0');
	pg_server_start(server);
	pg_loop_until_true(base, is_wrong, &probe, WAIT_MS);
	close_database(&probe);
	pg_server_free(server);
}
