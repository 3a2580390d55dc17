#include <criterion/criterion.h>
#include <event2/event.h>
#include <signal.h>

#include "lib/pg.h"
#include "lib/sql_run.h"
#include "sql/job.h"

enum { HEARTBEAT_MS = 300 };

static struct pg_db *db;
static struct event_base *base;
static struct sql_link *ear;

/* What was to be looked at, by channel. */
struct looks {
	int batches, outboxes, payloads;
	char payload[64];
};
static struct looks looks;

static void on_look(void *arg, const char *channel, const char *payload)
{
	struct looks *l = arg;

	if (strcmp(channel, "batch") == 0)
		l->batches++;
	else if (strcmp(channel, "Out box") == 0)
		l->outboxes++;
	if (payload[0] == '\0')
		return;
	l->payloads++;
	snprintf(l->payload, sizeof(l->payload), "%s", payload);
}

static bool both_looked_at(void *arg)
{
	struct looks *l = arg;

	return l->batches > 0 && l->outboxes > 0;
}

static bool payload_came(void *arg)
{
	return ((struct looks *)arg)->payloads > 0;
}

static void set_up(void)
{
	static const char *const channels[] = { "batch", "Out box", NULL };
	struct sql_link_options options = { .name = "listen", .heartbeat_ms = HEARTBEAT_MS };
	struct err err = ERR_INIT;

	base = pg_loop_new();
	db = pg_db_new_empty();
	options.dsn = pg_db_dsn(db);
	ear = sql_link_new(base, &options, &err);
	cr_assert(ear, "%s", err.text);
	looks = (struct looks){ 0 };
	cr_assert_eq(sql_link_listen(ear, channels, on_look, &looks, &err), 0, "%s", err.text);
	pg_loop_until_true(base, both_looked_at, &looks, SQL_RUN_PATIENCE_MS);
}

static void tear_down(void)
{
	sql_link_free(ear);
	pg_db_free(db);
	pg_loop_free(base);
}

TestSuite(listen, .init = set_up, .fini = tear_down, .timeout = 60);

static pid_t backend(void)
{
	return (pid_t)pg_int(db, "SELECT pid FROM pg_stat_activity WHERE application_name = "
				 "'setaside listen' AND datname = current_database()");
}

Test(listen, everybody_is_told_to_look_after_the_connect)
{
	cr_assert_eq(looks.batches, 1);
	cr_assert_eq(looks.outboxes, 1);
	cr_assert_eq(looks.payloads, 0);
}

Test(listen, a_notification_arrives_with_its_payload)
{
	pg_exec(db, "SELECT pg_notify('Out box', '17')");
	pg_loop_until_true(base, payload_came, &looks, SQL_RUN_PATIENCE_MS);
	cr_assert_str_eq(looks.payload, "17");
	cr_assert_eq(looks.outboxes, 2);
	cr_assert_eq(looks.batches, 1);
}

Test(listen, what_was_sent_while_the_link_was_away_is_looked_for_after_it_came_back)
{
	kill(backend(), SIGTERM);
	pg_loop_for(base, 50);
	cr_assert_neq(sql_link_state(ear), SQL_LINK_READY);
	looks = (struct looks){ 0 };
	pg_exec(db, "NOTIFY batch");
	pg_loop_until_true(base, both_looked_at, &looks, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(looks.payloads, 0);
	pg_exec(db, "NOTIFY batch, 'again'");
	pg_loop_until_true(base, payload_came, &looks, SQL_RUN_PATIENCE_MS);
}

/* A stopped backend keeps the connection open and says nothing: only the heartbeat can tell. */
Test(listen, a_session_that_fell_silent_is_replaced)
{
	pid_t silent = backend();

	kill(silent, SIGSTOP);
	looks = (struct looks){ 0 };
	pg_loop_until_true(base, both_looked_at, &looks, SQL_RUN_PATIENCE_MS);
	kill(silent, SIGCONT);
	pg_loop_for(base, 50);
	cr_assert_neq(backend(), silent);
}

Test(listen, a_healthy_session_stays_through_many_heartbeats)
{
	pid_t before = backend();

	pg_loop_for(base, 5 * HEARTBEAT_MS);
	cr_assert_eq(backend(), before);
	cr_assert_eq(looks.batches, 1);
}
