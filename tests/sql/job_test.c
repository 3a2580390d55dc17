#include "sql/job.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <signal.h>

#include "lib/pg.h"
#include "lib/sql_run.h"
#include "sql/link.h"

enum { PATIENCE_MS = 20000 };

static struct pg_db *db;
static struct event_base *base;
static struct sql_link *store;

struct cancelling {
	struct sql_job *job;
	int rows;
};

static void cancel_itself(void *arg, const struct sql_row *row)
{
	struct cancelling *cancelling = arg;

	(void)row;
	cancelling->rows++;
	sql_job_cancel(cancelling->job);
}

/* Rows and their sum, for streams. */
struct summed {
	struct sql_heard heard;
	int64_t sum;
};

static void on_number_row(void *arg, const struct sql_row *row)
{
	struct summed *summed = arg;

	summed->sum += sql_row_int(row, 0);
	summed->heard.rows++;
}

static void on_numbers_done(void *arg, const struct sql_outcome *outcome)
{
	sql_heard_done(&((struct summed *)arg)->heard, outcome);
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
	store = open_link(0);
}

static void tear_down(void)
{
	sql_link_free(store);
	pg_db_free(db);
	pg_loop_free(base);
}

TestSuite(job, .init = set_up, .fini = tear_down, .timeout = 60);

static struct sql_job *start(
	const char *text, const struct sql_params *params, struct sql_heard *heard)
{
	struct sql_call call = { .text = text,
		.params = params,
		.row = sql_heard_row,
		.done = sql_heard_done,
		.arg = heard };
	struct err err = ERR_INIT;
	struct sql_job *job = sql_submit(store, &call, &err);

	cr_assert(job, "%s", err.text);
	return job;
}

Test(job, every_kind_of_parameter_comes_back_as_it_went)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_heard heard = { .done = false };
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
	struct sql_heard heard = { .done = false };

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
	struct sql_heard heard[20] = { { .done = false } };

	sql_run(base, store, "CREATE TABLE t (n int GENERATED ALWAYS AS IDENTITY, v int)");
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
	struct sql_heard heard = sql_run(base, store, "SELECT 1 / 0");

	cr_assert_eq(heard.outcome.err.code, ERR_DB);
	cr_assert_str_eq(heard.outcome.err.sqlstate, "22012");
	cr_assert_eq(sql_fault(&heard.outcome), SQL_FAULT_DATA);
	cr_assert_not(heard.outcome.unknown);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
}

static struct summed stream(const char *text)
{
	struct summed summed = { .sum = 0 };
	struct sql_call call = { .text = text,
		.row = on_number_row,
		.done = on_numbers_done,
		.arg = &summed,
		.stream = true };

	cr_assert(sql_submit(store, &call, NULL));
	pg_loop_until(base, &summed.heard.done, PATIENCE_MS);
	return summed;
}

Test(job, an_error_after_rows_of_a_stream_is_an_error)
{
	struct summed summed = stream("SELECT 10 / (2000 - n) FROM generate_series(1, 3000) AS n");

	cr_assert_eq(summed.heard.outcome.err.code, ERR_DB);
	cr_assert_eq(summed.heard.rows, 1999, "provisional rows were handed over");
}

Test(job, a_stream_hands_over_every_row)
{
	struct summed summed = stream("SELECT n FROM generate_series(1, 50000) AS n");

	cr_assert_eq(summed.heard.outcome.err.code, ERR_NONE);
	cr_assert_eq(summed.heard.rows, 50000);
	cr_assert_eq(summed.sum, 50000LL * 50001 / 2);
	cr_assert_eq(summed.heard.outcome.affected, 50000);
}

/* Notes how far the result had come when a timer got its turn, once in every turn of the loop. */
struct progress {
	const struct sql_heard *heard;
	struct event *timer;
	int rows;
};

static void note_progress(evutil_socket_t fd, short what, void *arg)
{
	struct progress *progress = arg;

	(void)fd;
	(void)what;
	if (progress->heard->done)
		return;
	progress->rows = progress->heard->rows;
	event_add(progress->timer, &(struct timeval){ 0 });
}

Test(job, a_long_result_leaves_room_for_others_on_the_loop)
{
	struct sql_heard heard = { .done = false };
	struct progress progress = { .heard = &heard };

	progress.timer = event_new(base, -1, 0, note_progress, &progress);
	event_add(progress.timer, &(struct timeval){ 0 });
	start("SELECT n FROM generate_series(1, 20000) AS n", NULL, &heard);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	event_free(progress.timer);
	cr_assert_eq(heard.rows, 20000);
	cr_assert(progress.rows > 0 && progress.rows < 20000, "last turn at row %d", progress.rows);
}

Test(job, a_slow_statement_ends_by_the_servers_clock_and_the_link_lives)
{
	struct sql_heard heard = { .done = false };
	struct sql_call call = { .text = "SELECT pg_backend_pid(), pg_sleep(30)",
		.done = sql_heard_done,
		.arg = &heard,
		.deadline_ms = 300 };
	struct sql_heard before = sql_run(base, store, "SELECT pg_backend_pid()");

	cr_assert(sql_submit(store, &call, NULL));
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_DB);
	cr_assert_str_eq(heard.outcome.err.sqlstate, "57014");
	cr_assert_eq(sql_fault(&heard.outcome), SQL_FAULT_AWAY);
	cr_assert_str_eq(sql_run(base, store, "SELECT pg_backend_pid()").text, before.text);
	cr_assert_str_eq(sql_run(base, store, "SHOW statement_timeout").text, "29500ms");
}

/* A stopped backend answers nothing, not even its own statement_timeout. */
Test(job, no_answer_by_our_deadline_drops_the_link_and_the_outcome_is_unknown)
{
	struct sql_heard first = sql_run_within(base, store, "SELECT pg_backend_pid()", 400);
	pid_t pid = (pid_t)strtol(first.text, NULL, 10);
	struct sql_heard lost;

	kill(pid, SIGSTOP);
	lost = sql_run_within(base, store, "SELECT 1", 400);
	kill(pid, SIGCONT);
	cr_assert_eq(lost.outcome.err.code, ERR_TIMEOUT);
	cr_assert(lost.outcome.unknown);
	cr_assert_str_neq(sql_run(base, store, "SELECT pg_backend_pid()").text, first.text,
		"the link has a new session");
}

Test(job, a_statement_that_was_not_sent_yet_has_a_known_outcome)
{
	pid_t pid = (pid_t)strtol(sql_run(base, store, "SELECT pg_backend_pid()").text, NULL, 10);
	struct sql_heard lost;

	kill(pid, SIGSTOP);
	lost = sql_run_within(
		base, store, "SELECT 1", 400); /* the other statement_timeout goes first */
	kill(pid, SIGCONT);
	cr_assert_eq(lost.outcome.err.code, ERR_TIMEOUT);
	cr_assert_not(lost.outcome.unknown);
}

Test(job, a_statement_that_was_sent_and_not_answered_is_of_unknown_outcome)
{
	struct sql_heard heard = { .done = false };
	struct sql_call call = { .text = "SELECT pg_terminate_backend(pg_backend_pid())",
		.done = sql_heard_done,
		.arg = &heard };

	cr_assert(sql_submit(store, &call, NULL));
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_DB_DOWN);
	cr_assert_str_eq(heard.outcome.err.sqlstate, "57P01");
	cr_assert(heard.outcome.unknown);
	cr_assert_eq(sql_fault(&heard.outcome), SQL_FAULT_AWAY);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1, "and the link comes back");
}

Test(job, a_full_queue_refuses_the_next_job)
{
	struct sql_link *narrow = open_link(2);
	struct sql_heard heard[2] = { { .done = false } };
	struct err err = ERR_INIT;

	for (int i = 0; i < 2; i++) {
		struct sql_call call = {
			.text = "SELECT 1", .done = sql_heard_done, .arg = &heard[i]
		};

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
	struct sql_heard waiting = { .done = false }, running = { .done = false };
	struct sql_job *job;

	sql_job_cancel(start("SELECT 1", NULL, &waiting));
	job = start("SELECT pg_sleep(0.2)", NULL, &running);
	pg_loop_for(base, 100);
	sql_job_cancel(job);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
	cr_assert_not(waiting.done);
	cr_assert_not(running.done);
	cr_assert_eq(running.rows, 0);
}

Test(job, a_job_may_be_cancelled_by_its_own_row)
{
	struct cancelling cancelling = { .rows = 0 };
	struct sql_call call = { .text = "SELECT n FROM generate_series(1, 100) AS n",
		.row = cancel_itself,
		.arg = &cancelling };

	cancelling.job = sql_submit(store, &call, NULL);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
	cr_assert_eq(cancelling.rows, 1);
}

static void submit_again(void *arg, const struct sql_outcome *outcome)
{
	struct sql_heard *heard = arg;
	struct sql_call call = { .text = "SELECT 1", .done = submit_again, .arg = heard };

	(void)outcome;
	if (++heard->calls < 5)
		sql_submit(store, &call, NULL);
	else
		heard->done = true;
}

Test(job, a_done_callback_may_submit_the_next_job)
{
	struct sql_heard heard = { .done = false };
	struct sql_call call = { .text = "SELECT 1", .done = submit_again, .arg = &heard };

	sql_submit(store, &call, NULL);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.calls, 5);
}

static void close_link(void *arg, const struct sql_row *row)
{
	struct sql_heard *heard = arg;

	(void)row;
	heard->rows++;
	sql_link_close(store, "the test is over");
}

Test(job, a_link_that_is_closed_in_a_row_fails_its_job_and_the_waiting_ones)
{
	struct sql_heard running = { .done = false }, waiting = { .done = false };
	struct sql_call call = { .text = "SELECT n FROM generate_series(1, 10) AS n",
		.row = close_link,
		.done = sql_heard_done,
		.arg = &running };
	struct err err = ERR_INIT;

	sql_submit(store, &call, NULL);
	start("SELECT 1", NULL, &waiting);
	pg_loop_until(base, &waiting.done, PATIENCE_MS);
	cr_assert_eq(running.rows, 1);
	cr_assert_eq(running.calls, 1);
	cr_assert_eq(running.outcome.err.code, ERR_CANCELLED);
	cr_assert_eq(waiting.outcome.err.code, ERR_CANCELLED);
	cr_assert_null(sql_submit(store, &call, &err));
	cr_assert_eq(err.code, ERR_CANCELLED);
}
