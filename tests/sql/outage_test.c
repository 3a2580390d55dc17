/* The server goes away: stopped for a while, killed at the worst moments. */
#include <criterion/criterion.h>
#include <event2/event.h>

#include "lib/pg.h"
#include "lib/sql_run.h"
#include "sql/job.h"
#include "sql/link.h"

static struct pg_server *server;
static struct event_base *base;
static struct sql_link *store;

static void set_up(void)
{
	base = pg_loop_new();
	server = pg_server_new();
	/* The cluster commits without waiting for its log: the table has to outlive a kill. */
	pg_exec(pg_server_db(server), "SET synchronous_commit = on");
	pg_exec(pg_server_db(server), "CREATE SCHEMA setaside; CREATE TABLE setaside.t (n int)");
	store = sql_run_link(base, pg_server_dsn(server));
	sql_run_until_ready(base, store);
}

static void tear_down(void)
{
	sql_link_free(store);
	pg_server_free(server);
	pg_loop_free(base);
}

TestSuite(outage, .init = set_up, .fini = tear_down, .timeout = 120);

static bool link_noticed(void *arg)
{
	(void)arg;
	return sql_link_state(store) != SQL_LINK_READY;
}

static bool server_sleeps(void *arg)
{
	(void)arg;
	return pg_int(pg_server_db(server), "SELECT count(*) FROM pg_stat_activity WHERE "
					    "wait_event = 'PgSleep'") == 1;
}

/* The statement that sleeps is under way. */
static void until_server_sleeps(void)
{
	pg_loop_until_true(base, server_sleeps, NULL, SQL_RUN_PATIENCE_MS);
}

static int64_t rows_kept(void)
{
	return pg_int(pg_server_db(server), "SELECT count(*) FROM t");
}

Test(outage, jobs_wait_while_the_server_is_stopped_and_go_on_afterwards)
{
	struct sql_heard heard = { .done = false };

	pg_server_stop(server, PG_STOP_FAST);
	pg_loop_until_true(base, link_noticed, NULL, SQL_RUN_PATIENCE_MS);
	sql_run_start(store, "INSERT INTO t VALUES (1)", 0, &heard);
	pg_loop_for(base, 1000);
	cr_assert_not(heard.done);
	pg_server_start(server);
	pg_loop_until(base, &heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_NONE, "%s", heard.outcome.err.text);
	cr_assert_eq(rows_kept(), 1);
}

Test(outage, a_server_killed_while_idle_is_noticed)
{
	pg_server_kill(server);
	pg_loop_until_true(base, link_noticed, NULL, SQL_RUN_PATIENCE_MS);
	pg_server_start(server);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
}

Test(outage, a_statement_under_way_when_the_server_is_killed_is_of_unknown_outcome)
{
	struct sql_heard running = { .done = false }, waiting = { .done = false };

	sql_run_start(store, "INSERT INTO t SELECT 1 FROM pg_sleep(20)", 0, &running);
	sql_run_start(store, "INSERT INTO t VALUES (2)", 0, &waiting);
	until_server_sleeps();
	pg_server_kill(server);
	pg_loop_until(base, &running.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(running.outcome.err.code, ERR_DB_DOWN);
	cr_assert(running.outcome.unknown);
	cr_assert_eq(sql_fault(&running.outcome), SQL_FAULT_AWAY);
	cr_assert_not(waiting.done, "a job that was not sent waits");
	pg_server_start(server);
	pg_loop_until(base, &waiting.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(waiting.outcome.err.code, ERR_NONE, "%s", waiting.outcome.err.text);
	cr_assert_eq(rows_kept(), 1);
}

Test(outage, a_server_killed_during_commit_leaves_the_outcome_unknown)
{
	struct sql_heard heard = { .done = false };
	struct sql_tx *tx;

	pg_exec(pg_server_db(server),
		"CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
		"'BEGIN PERFORM pg_sleep(20); RETURN NULL; END';"
		"CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED "
		"FOR EACH ROW EXECUTE FUNCTION slow()");
	tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);
	sql_run_in(base, tx, "INSERT INTO t VALUES (1)");
	sql_tx_commit(tx, sql_heard_done, &heard);
	until_server_sleeps();
	pg_server_kill(server);
	pg_loop_until(base, &heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_DB_DOWN);
	cr_assert(heard.outcome.unknown);
	pg_server_start(server);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
	cr_assert_eq(rows_kept(), 0);
}

Test(outage, a_server_killed_inside_a_transaction_has_a_known_outcome)
{
	struct sql_heard heard = { .done = false };
	struct sql_tx *tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);
	struct sql_call call = { .text = "INSERT INTO t SELECT 1 FROM pg_sleep(20)",
		.done = sql_heard_done,
		.arg = &heard };

	sql_tx_call(tx, &call);
	until_server_sleeps();
	pg_server_kill(server);
	pg_loop_until(base, &heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_DB_DOWN);
	cr_assert_not(heard.outcome.unknown, "what was not committed is gone");
	sql_run_rollback(base, tx);
	pg_server_start(server);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
	cr_assert_eq(rows_kept(), 0);
}

Test(outage, a_host_name_leads_to_the_server)
{
	struct sql_link *link = sql_run_link(base, pg_server_tcp_dsn(server));

	cr_assert_str_eq(sql_run(base, link, "SELECT host(inet_server_addr())").text, "127.0.0.1");
	sql_link_free(link);
}
