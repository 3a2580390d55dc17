#include <criterion/criterion.h>
#include <event2/event.h>

#include "lib/pg.h"
#include "lib/sql_run.h"
#include "sql/job.h"

static struct pg_db *db;
static struct event_base *base;
static struct sql_link *store;

static void set_up(void)
{
	base = pg_loop_new();
	db = pg_db_new_empty();
	pg_exec(db, "CREATE SCHEMA setaside");
	store = sql_run_link(base, pg_db_dsn(db));
}

static void tear_down(void)
{
	sql_link_free(store);
	pg_db_free(db);
	pg_loop_free(base);
}

TestSuite(tx, .init = set_up, .fini = tear_down, .timeout = 60);

Test(tx, a_transaction_keeps_the_link_to_itself)
{
	struct sql_heard other = { .done = false };
	struct sql_tx *tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);

	sql_run_start(store, "SELECT count(*) FROM pg_class WHERE relname = 'mine'", 0, &other);
	cr_assert_eq(sql_run_in(base, tx, "CREATE TABLE mine ()").outcome.err.code, ERR_NONE);
	pg_loop_for(base, 50);
	cr_assert_not(other.done, "a job of somebody else was let in");
	cr_assert_eq(sql_run_commit(base, tx).outcome.err.code, ERR_NONE);
	pg_loop_until(base, &other.done, SQL_RUN_PATIENCE_MS);
	cr_assert_str_eq(other.text, "1");
}

Test(tx, a_rollback_leaves_nothing)
{
	struct sql_tx *tx;

	sql_run(base, store, "CREATE TABLE t (n int)");
	tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);
	cr_assert_eq(sql_run_in(base, tx, "INSERT INTO t VALUES (1)").outcome.affected, 1);
	cr_assert_eq(sql_run_rollback(base, tx).outcome.err.code, ERR_NONE);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
}

Test(tx, after_a_failure_the_transaction_cannot_be_committed)
{
	struct sql_tx *tx;
	struct sql_heard heard;

	sql_run(base, store, "CREATE TABLE t (n int)");
	tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);
	sql_run_in(base, tx, "INSERT INTO t VALUES (1)");
	cr_assert_eq(sql_run_in(base, tx, "SELECT 1 / 0").outcome.err.code, ERR_DB);
	cr_assert_str_eq(sql_run_in(base, tx, "SELECT 1").outcome.err.sqlstate, "25P02");
	heard = sql_run_commit(base, tx);
	cr_assert_eq(heard.outcome.err.code, ERR_DB,
		"the server's friendly ROLLBACK was taken for success");
	cr_assert_not(heard.outcome.unknown);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
}

Test(tx, a_rollback_brings_the_sessions_own_timeout_back)
{
	struct sql_heard heard = { .done = false };
	struct sql_call call = { .text = "SHOW statement_timeout",
		.row = sql_heard_row,
		.done = sql_heard_done,
		.arg = &heard,
		.deadline_ms = 60000 };
	struct sql_tx *tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);

	sql_tx_call(tx, &call);
	pg_loop_until(base, &heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_str_eq(heard.text, "59500ms");
	sql_run_rollback(base, tx);
	cr_assert_str_eq(sql_run(base, store, "SHOW statement_timeout").text, "29500ms");
}

Test(tx, a_snapshot_sees_one_state_and_cannot_write)
{
	struct sql_tx *tx;

	sql_run(base, store, "CREATE TABLE t (n int)");
	tx = sql_run_begin(base, store, SQL_TX_SNAPSHOT, 0);
	cr_assert_str_eq(sql_run_in(base, tx, "SELECT count(*) FROM t").text, "0");
	pg_exec(db, "INSERT INTO t VALUES (1)");
	cr_assert_str_eq(sql_run_in(base, tx, "SELECT count(*) FROM t").text, "0");
	cr_assert_str_eq(
		sql_run_in(base, tx, "INSERT INTO t VALUES (2)").outcome.err.sqlstate, "25006");
	sql_run_rollback(base, tx);
}

Test(tx, a_transaction_that_does_not_end_is_dropped_with_its_session)
{
	struct sql_tx *tx;
	struct sql_heard heard;

	sql_run(base, store, "CREATE TABLE t (n int)");
	tx = sql_run_begin(base, store, SQL_TX_WRITE, 300);
	sql_run_in(base, tx, "INSERT INTO t VALUES (1)");
	pg_loop_for(base, 500);
	cr_assert_eq(sql_run_in(base, tx, "SELECT 1").outcome.err.code, ERR_TIMEOUT);
	heard = sql_run_commit(base, tx);
	cr_assert_eq(heard.outcome.err.code, ERR_TIMEOUT);
	cr_assert_not(heard.outcome.unknown, "COMMIT was never sent");
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
}

Test(tx, an_abandoned_transaction_calls_nobody_and_leaves_nothing)
{
	struct sql_heard running = { .done = false }, waiting = { .done = false };
	struct sql_call first = { .text = "INSERT INTO t SELECT 1 FROM pg_sleep(0.2)",
		.done = sql_heard_done,
		.arg = &running };
	struct sql_call second = { .text = "SELECT 1", .done = sql_heard_done, .arg = &waiting };
	struct sql_tx *tx;

	sql_run(base, store, "CREATE TABLE t (n int)");
	tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);
	sql_tx_call(tx, &first);
	sql_tx_call(tx, &second);
	pg_loop_for(base, 50);
	sql_tx_abandon(tx);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
	cr_assert_not(running.done);
	cr_assert_not(waiting.done);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	(void)tx;
	sql_heard_done(arg, outcome);
}

Test(tx, a_begin_that_is_cancelled_calls_nobody_and_frees_the_link)
{
	struct sql_heard heard = { .done = false };

	cr_assert_eq(sql_tx_begin(store, SQL_TX_WRITE, 0, on_begun, &heard, NULL), 0);
	sql_tx_begin_cancel(store, &heard);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
	cr_assert_not(heard.done);
}

/* The constraint is looked at when the transaction ends, so the server is still busy with COMMIT
 * when it dies. */
static struct sql_tx *begin_slow_commit(struct pg_db *where)
{
	struct sql_tx *tx;

	pg_exec(where, "CREATE TABLE t (n int);"
		       "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
		       "'BEGIN PERFORM pg_sleep(20); RETURN NULL; END';"
		       "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t DEFERRABLE INITIALLY "
		       "DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()");
	tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);
	cr_assert_eq(sql_run_in(base, tx, "INSERT INTO t VALUES (1)").outcome.affected, 1);
	return tx;
}

Test(tx, a_session_that_dies_during_commit_leaves_the_outcome_unknown)
{
	struct sql_tx *tx = begin_slow_commit(db);
	struct sql_heard heard = { .done = false };

	sql_tx_commit(tx, sql_heard_done, &heard);
	pg_loop_for(base, 200);
	pg_exec(db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
		    "WHERE application_name = 'setaside test' AND datname = current_database()");
	pg_loop_until(base, &heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_DB_DOWN);
	cr_assert(heard.outcome.unknown);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
}

Test(tx, a_commit_that_the_server_refuses_has_a_known_outcome)
{
	struct sql_tx *tx;
	struct sql_heard heard;

	pg_exec(db, "CREATE TABLE t (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
	tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);
	sql_run_in(base, tx, "INSERT INTO t VALUES (1), (1)");
	heard = sql_run_commit(base, tx);
	cr_assert_str_eq(heard.outcome.err.sqlstate, "23505");
	cr_assert_not(heard.outcome.unknown);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
}

Test(tx, a_session_that_dies_between_calls_fails_what_follows)
{
	struct sql_tx *tx;

	pg_exec(db, "CREATE TABLE t (n int)");
	tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);
	sql_run_in(base, tx, "INSERT INTO t VALUES (1)");
	pg_exec(db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
		    "WHERE application_name = 'setaside test' AND datname = current_database()");
	pg_loop_for(base, 100);
	cr_assert_eq(
		sql_run_in(base, tx, "INSERT INTO t VALUES (2)").outcome.err.code, ERR_DB_DOWN);
	cr_assert_not(sql_run_commit(base, tx).outcome.unknown, "COMMIT was never sent");
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
}

Test(tx, a_link_that_is_freed_leaves_open_transactions_to_their_owners)
{
	struct sql_tx *tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);
	struct sql_heard call = { .done = false }, end = { .done = false };
	struct sql_call sleep = {
		.text = "SELECT pg_sleep(5)", .done = sql_heard_done, .arg = &call
	};

	sql_tx_call(tx, &sleep);
	pg_loop_for(base, 50);
	sql_link_free(store);
	cr_assert(call.done);
	cr_assert_eq(call.outcome.err.code, ERR_CANCELLED);
	sql_tx_rollback(tx, sql_heard_done, &end);
	pg_loop_until(base, &end.done, SQL_RUN_PATIENCE_MS);
	store = NULL;
}
