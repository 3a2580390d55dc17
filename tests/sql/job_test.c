#include "sql/job.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <signal.h>

#include "lib/pg.h"
#include "sql/link.h"

enum { PATIENCE_MS = 20000 };

static struct pg_db *db;
static struct event_base *base;
static struct sql_link *link_under_test;

/* What the callbacks of one job left behind. */
struct heard {
	bool done;
	int calls;
	int rows;
	int64_t sum;
	char text[256];
	struct sql_outcome outcome;
	struct sql_job *cancel_at_row; /* cancelled in the first row */
	struct sql_tx *tx;
};

static void on_row(void *arg, const struct sql_row *row)
{
	struct heard *heard = arg;

	heard->rows++;
	if (!sql_row_null(row, 0))
		snprintf(heard->text, sizeof(heard->text), "%s", sql_row_text(row, 0));
	if (heard->cancel_at_row)
		sql_job_cancel(heard->cancel_at_row);
}

static void on_number_row(void *arg, const struct sql_row *row)
{
	struct heard *heard = arg;

	heard->rows++;
	heard->sum += sql_row_int(row, 0);
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct heard *heard = arg;

	heard->calls++;
	heard->done = true;
	heard->outcome = *outcome;
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct heard *heard = arg;

	heard->tx = tx;
	on_done(arg, outcome);
}

static struct sql_link *open_link(int queue_limit)
{
	struct sql_link_options options = {
		.dsn = pg_db_dsn(db), .name = "test", .queue_limit = queue_limit
	};
	struct err err = ERR_INIT;
	struct sql_link *link = sql_link_new(base, &options, &err);

	cr_assert(link, "%s", err.text);
	return link;
}

static void set_up(void)
{
	base = pg_loop_new();
	db = pg_db_new_empty();
	pg_exec(db, "CREATE SCHEMA setaside");
	link_under_test = open_link(0);
}

static void tear_down(void)
{
	sql_link_free(link_under_test);
	pg_db_free(db);
	pg_loop_free(base);
}

TestSuite(job, .init = set_up, .fini = tear_down, .timeout = 60);

static struct sql_job *start(const char *text, const struct sql_params *params, struct heard *heard)
{
	struct sql_call call = {
		.text = text, .params = params, .row = on_row, .done = on_done, .arg = heard
	};
	struct err err = ERR_INIT;
	struct sql_job *job = sql_submit(link_under_test, &call, &err);

	cr_assert(job, "%s", err.text);
	return job;
}

static struct heard run(const char *text)
{
	struct heard heard = { .done = false };

	start(text, NULL, &heard);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	return heard;
}

static struct sql_tx *begin(enum sql_tx_mode mode, int deadline_ms)
{
	struct heard heard = { .done = false };
	struct err err = ERR_INIT;

	cr_assert_eq(sql_tx_begin(link_under_test, mode, deadline_ms, on_begun, &heard, &err), 0);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_NONE, "%s", heard.outcome.err.text);
	return heard.tx;
}

static struct heard run_in(struct sql_tx *tx, const char *text)
{
	struct heard heard = { .done = false };
	struct sql_call call = { .text = text, .row = on_row, .done = on_done, .arg = &heard };

	sql_tx_call(tx, &call);
	cr_assert_not(heard.done, "done was called inside the call");
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	return heard;
}

static struct heard commit(struct sql_tx *tx)
{
	struct heard heard = { .done = false };

	sql_tx_commit(tx, on_done, &heard);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	return heard;
}

static struct heard roll_back(struct sql_tx *tx)
{
	struct heard heard = { .done = false };

	sql_tx_rollback(tx, on_done, &heard);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	return heard;
}

Test(job, every_kind_of_parameter_comes_back_as_it_went)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct heard heard = { .done = false };
	day_t day;

	cr_assert(day_from_civil(2024, 2, 29, &day));
	sql_param_text(&params, "统一社会信用代码 'quoted' \\ $1");
	sql_param_int(&params, INT64_MIN);
	sql_param_bool(&params, true);
	sql_param_day(&params, day);
	sql_param_day(&params, DAY_NONE);
	sql_param_null(&params);
	start("SELECT concat_ws('|', $1::text, $2::bigint, $3::boolean, $4::date, "
	      "$5::date IS NULL, $6::text IS NULL)",
		&params, &heard);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_str_eq(heard.text, "统一社会信用代码 'quoted' \\ $1|-9223372036854775808|t|"
				     "2024-02-29|t|t");
}

Test(job, done_comes_once_and_never_inside_the_submit)
{
	struct heard heard = { .done = false };

	start("SELECT 1", NULL, &heard);
	cr_assert_not(heard.done);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	pg_loop_for(base, 50);
	cr_assert_eq(heard.calls, 1);
	cr_assert_eq(heard.rows, 1);
	cr_assert_eq(heard.outcome.affected, 1);
}

Test(job, jobs_run_in_the_order_of_their_submits)
{
	struct heard heard[20] = { { .done = false } };

	run("CREATE TABLE t (n int GENERATED ALWAYS AS IDENTITY, v int)");
	for (int i = 0; i < 20; i++) {
		struct sql_params params = SQL_PARAMS_INIT;

		sql_param_int(&params, i);
		start("INSERT INTO t (v) VALUES ($1)", &params, &heard[i]);
	}
	pg_loop_until(base, &heard[19].done, PATIENCE_MS);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t WHERE n = v + 1"), 20);
}

Test(job, an_error_carries_its_sqlstate_and_the_link_lives_on)
{
	struct heard heard = run("SELECT 1 / 0");

	cr_assert_eq(heard.outcome.err.code, ERR_DB);
	cr_assert_str_eq(heard.outcome.err.sqlstate, "22012");
	cr_assert_eq(sql_fault(&heard.outcome), SQL_FAULT_DATA);
	cr_assert_not(heard.outcome.unknown);
	cr_assert_eq(run("SELECT 1").rows, 1);
}

Test(job, an_error_after_rows_of_a_stream_is_an_error)
{
	struct heard heard = { .done = false };
	struct sql_call call = {
		.text = "SELECT 10 / (2000 - n) FROM generate_series(1, 3000) AS n",
		.row = on_number_row,
		.done = on_done,
		.arg = &heard,
		.stream = true
	};

	cr_assert(sql_submit(link_under_test, &call, NULL));
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_DB);
	cr_assert_eq(heard.rows, 1999, "provisional rows were handed over: %d", heard.rows);
}

Test(job, a_stream_hands_over_every_row)
{
	struct heard heard = { .done = false };
	struct sql_call call = { .text = "SELECT n FROM generate_series(1, 50000) AS n",
		.row = on_number_row,
		.done = on_done,
		.arg = &heard,
		.stream = true };

	cr_assert(sql_submit(link_under_test, &call, NULL));
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_NONE);
	cr_assert_eq(heard.rows, 50000);
	cr_assert_eq(heard.sum, 50000LL * 50001 / 2);
	cr_assert_eq(heard.outcome.affected, 50000);
}

/* A thousand rows make more than one turn of the loop, so a timer that is due now fires before the end. */
static void note_turn(evutil_socket_t fd, short what, void *arg)
{
	struct heard *heard = arg;

	(void)fd;
	(void)what;
	heard->sum = heard->rows;
}

Test(job, a_long_result_leaves_room_for_others_on_the_loop)
{
	struct heard heard = { .done = false };
	struct event *timer = event_new(base, -1, EV_PERSIST, note_turn, &heard);
	struct timeval often = { .tv_usec = 1 };

	event_add(timer, &often);
	start("SELECT n FROM generate_series(1, 20000) AS n", NULL, &heard);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	event_free(timer);
	cr_assert_eq(heard.rows, 20000);
	cr_assert(heard.sum > 0 && heard.sum < 20000, "last turn at row %ld", (long)heard.sum);
}

Test(job, a_slow_statement_ends_by_the_servers_clock_and_the_link_lives)
{
	struct heard heard = { .done = false };
	struct sql_call call = { .text = "SELECT pg_backend_pid(), pg_sleep(30)",
		.done = on_done,
		.arg = &heard,
		.deadline_ms = 300 };
	struct heard before = run("SELECT pg_backend_pid()");

	cr_assert(sql_submit(link_under_test, &call, NULL));
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_DB);
	cr_assert_str_eq(heard.outcome.err.sqlstate, "57014");
	cr_assert_eq(sql_fault(&heard.outcome), SQL_FAULT_AWAY);
	cr_assert_str_eq(run("SELECT pg_backend_pid()").text, before.text);
	cr_assert_str_eq(run("SHOW statement_timeout").text, "29500ms");
}

static struct heard run_within(const char *text, int deadline_ms)
{
	struct heard heard = { .done = false };
	struct sql_call call = { .text = text,
		.row = on_row,
		.done = on_done,
		.arg = &heard,
		.deadline_ms = deadline_ms };

	cr_assert(sql_submit(link_under_test, &call, NULL));
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	return heard;
}

/* A stopped backend answers nothing, not even its own statement_timeout. */
Test(job, no_answer_by_our_deadline_drops_the_link_and_the_outcome_is_unknown)
{
	struct heard first = run_within("SELECT pg_backend_pid()", 400);
	pid_t pid = (pid_t)strtol(first.text, NULL, 10);
	struct heard lost;

	kill(pid, SIGSTOP);
	lost = run_within("SELECT 1", 400);
	kill(pid, SIGCONT);
	cr_assert_eq(lost.outcome.err.code, ERR_TIMEOUT);
	cr_assert(lost.outcome.unknown);
	cr_assert_str_neq(
		run("SELECT pg_backend_pid()").text, first.text, "the link has a new session");
}

Test(job, a_statement_that_was_not_sent_yet_has_a_known_outcome)
{
	pid_t pid = (pid_t)strtol(run("SELECT pg_backend_pid()").text, NULL, 10);
	struct heard lost;

	kill(pid, SIGSTOP);
	lost = run_within("SELECT 1", 400); /* the other statement_timeout goes first */
	kill(pid, SIGCONT);
	cr_assert_eq(lost.outcome.err.code, ERR_TIMEOUT);
	cr_assert_not(lost.outcome.unknown);
}

Test(job, a_statement_that_was_sent_and_not_answered_is_of_unknown_outcome)
{
	struct heard heard = { .done = false };
	struct sql_call call = { .text = "SELECT pg_terminate_backend(pg_backend_pid())",
		.done = on_done,
		.arg = &heard };

	cr_assert(sql_submit(link_under_test, &call, NULL));
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_DB_DOWN);
	cr_assert_str_eq(heard.outcome.err.sqlstate, "57P01");
	cr_assert(heard.outcome.unknown);
	cr_assert_eq(sql_fault(&heard.outcome), SQL_FAULT_AWAY);
	cr_assert_eq(run("SELECT 1").rows, 1, "and the link comes back");
}

Test(job, a_full_queue_refuses_the_next_job)
{
	struct sql_link *narrow = open_link(2);
	struct heard heard[2] = { { .done = false } };
	struct err err = ERR_INIT;

	for (int i = 0; i < 2; i++) {
		struct sql_call call = { .text = "SELECT 1", .done = on_done, .arg = &heard[i] };

		cr_assert(sql_submit(narrow, &call, &err));
	}
	cr_assert_null(sql_submit(narrow, &(struct sql_call){ .text = "SELECT 1" }, &err));
	cr_assert_eq(err.code, ERR_LIMIT);
	pg_loop_until(base, &heard[1].done, PATIENCE_MS);
	err_clear(&err);
	cr_assert(sql_submit(narrow, &(struct sql_call){ .text = "SELECT 1" }, &err));
	sql_link_free(narrow);
}

Test(job, a_cancelled_job_calls_nobody)
{
	struct heard waiting = { .done = false }, running = { .done = false };
	struct sql_job *job;

	sql_job_cancel(start("SELECT 1", NULL, &waiting));
	job = start("SELECT pg_sleep(0.2)", NULL, &running);
	pg_loop_for(base, 100);
	sql_job_cancel(job);
	cr_assert_eq(run("SELECT 1").rows, 1);
	cr_assert_not(waiting.done);
	cr_assert_not(running.done);
	cr_assert_eq(running.rows, 0);
}

Test(job, a_job_may_be_cancelled_by_its_own_row)
{
	struct heard heard = { .done = false };

	heard.cancel_at_row = start("SELECT n FROM generate_series(1, 100) AS n", NULL, &heard);
	cr_assert_eq(run("SELECT 1").rows, 1);
	cr_assert_eq(heard.rows, 1);
	cr_assert_not(heard.done);
}

Test(job, a_transaction_keeps_the_link_to_itself)
{
	struct heard other = { .done = false };
	struct sql_tx *tx = begin(SQL_TX_WRITE, 0);

	start("SELECT count(*) FROM pg_class WHERE relname = 'mine'", NULL, &other);
	cr_assert_eq(run_in(tx, "CREATE TABLE mine ()").outcome.err.code, ERR_NONE);
	pg_loop_for(base, 50);
	cr_assert_not(other.done, "a job of somebody else was let in");
	cr_assert_eq(commit(tx).outcome.err.code, ERR_NONE);
	pg_loop_until(base, &other.done, PATIENCE_MS);
	cr_assert_str_eq(other.text, "1");
}

Test(job, a_rollback_leaves_nothing)
{
	struct sql_tx *tx;

	run("CREATE TABLE t (n int)");
	tx = begin(SQL_TX_WRITE, 0);
	cr_assert_eq(run_in(tx, "INSERT INTO t VALUES (1)").outcome.affected, 1);
	cr_assert_eq(roll_back(tx).outcome.err.code, ERR_NONE);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
}

Test(job, after_a_failure_the_transaction_cannot_be_committed)
{
	struct sql_tx *tx;
	struct heard heard;

	run("CREATE TABLE t (n int)");
	tx = begin(SQL_TX_WRITE, 0);
	run_in(tx, "INSERT INTO t VALUES (1)");
	cr_assert_eq(run_in(tx, "SELECT 1 / 0").outcome.err.code, ERR_DB);
	cr_assert_str_eq(run_in(tx, "SELECT 1").outcome.err.sqlstate, "25P02");
	heard = commit(tx);
	cr_assert_eq(heard.outcome.err.code, ERR_DB,
		"the server's friendly ROLLBACK was taken for success");
	cr_assert_not(heard.outcome.unknown);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
	cr_assert_eq(run("SELECT 1").rows, 1);
}

Test(job, a_rollback_brings_the_sessions_own_timeout_back)
{
	struct heard heard = { .done = false };
	struct sql_call call = { .text = "SHOW statement_timeout",
		.row = on_row,
		.done = on_done,
		.arg = &heard,
		.deadline_ms = 60000 };
	struct sql_tx *tx = begin(SQL_TX_WRITE, 0);

	sql_tx_call(tx, &call);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_str_eq(heard.text, "59500ms");
	roll_back(tx);
	cr_assert_str_eq(run("SHOW statement_timeout").text, "29500ms");
}

Test(job, a_snapshot_sees_one_state_and_cannot_write)
{
	struct sql_tx *tx;

	run("CREATE TABLE t (n int)");
	tx = begin(SQL_TX_SNAPSHOT, 0);
	cr_assert_str_eq(run_in(tx, "SELECT count(*) FROM t").text, "0");
	pg_exec(db, "INSERT INTO t VALUES (1)");
	cr_assert_str_eq(run_in(tx, "SELECT count(*) FROM t").text, "0");
	cr_assert_str_eq(run_in(tx, "INSERT INTO t VALUES (2)").outcome.err.sqlstate, "25006");
	roll_back(tx);
}

Test(job, a_transaction_that_does_not_end_is_dropped_with_its_session)
{
	struct sql_tx *tx;
	struct heard heard;

	run("CREATE TABLE t (n int)");
	tx = begin(SQL_TX_WRITE, 300);
	run_in(tx, "INSERT INTO t VALUES (1)");
	pg_loop_for(base, 500);
	cr_assert_eq(run_in(tx, "SELECT 1").outcome.err.code, ERR_TIMEOUT);
	heard = commit(tx);
	cr_assert_eq(heard.outcome.err.code, ERR_TIMEOUT);
	cr_assert_not(heard.outcome.unknown, "COMMIT was never sent");
	cr_assert_eq(run("SELECT 1").rows, 1);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
}

Test(job, an_abandoned_transaction_calls_nobody_and_leaves_nothing)
{
	struct heard running = { .done = false }, waiting = { .done = false };
	struct sql_call first = { .text = "INSERT INTO t SELECT 1 FROM pg_sleep(0.2)",
		.done = on_done,
		.arg = &running };
	struct sql_call second = { .text = "SELECT 1", .done = on_done, .arg = &waiting };
	struct sql_tx *tx;

	run("CREATE TABLE t (n int)");
	tx = begin(SQL_TX_WRITE, 0);
	sql_tx_call(tx, &first);
	sql_tx_call(tx, &second);
	pg_loop_for(base, 50);
	sql_tx_abandon(tx);
	cr_assert_eq(run("SELECT 1").rows, 1);
	cr_assert_not(running.done);
	cr_assert_not(waiting.done);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
}

Test(job, a_begin_that_is_cancelled_calls_nobody_and_frees_the_link)
{
	struct heard heard = { .done = false };

	cr_assert_eq(sql_tx_begin(link_under_test, SQL_TX_WRITE, 0, on_begun, &heard, NULL), 0);
	sql_tx_begin_cancel(link_under_test, &heard);
	cr_assert_eq(run("SELECT 1").rows, 1);
	cr_assert_not(heard.done);
}

static void submit_again(void *arg, const struct sql_outcome *outcome)
{
	struct heard *heard = arg;
	struct sql_call call = { .text = "SELECT 1", .done = submit_again, .arg = heard };

	(void)outcome;
	if (++heard->calls < 5)
		sql_submit(link_under_test, &call, NULL);
	else
		heard->done = true;
}

Test(job, a_done_callback_may_submit_the_next_job)
{
	struct heard heard = { .done = false };
	struct sql_call call = { .text = "SELECT 1", .done = submit_again, .arg = &heard };

	sql_submit(link_under_test, &call, NULL);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.calls, 5);
}

static void close_link(void *arg, const struct sql_row *row)
{
	struct heard *heard = arg;

	(void)row;
	heard->rows++;
	sql_link_close(link_under_test, "the test is over");
}

Test(job, a_link_that_is_closed_in_a_row_fails_its_job_and_the_waiting_ones)
{
	struct heard running = { .done = false }, waiting = { .done = false };
	struct sql_call call = { .text = "SELECT n FROM generate_series(1, 10) AS n",
		.row = close_link,
		.done = on_done,
		.arg = &running };
	struct err err = ERR_INIT;

	sql_submit(link_under_test, &call, NULL);
	start("SELECT 1", NULL, &waiting);
	pg_loop_until(base, &waiting.done, PATIENCE_MS);
	cr_assert_eq(running.rows, 1);
	cr_assert_eq(running.calls, 1);
	cr_assert_eq(running.outcome.err.code, ERR_CANCELLED);
	cr_assert_eq(waiting.outcome.err.code, ERR_CANCELLED);
	cr_assert_null(sql_submit(link_under_test, &call, &err));
	cr_assert_eq(err.code, ERR_CANCELLED);
}
