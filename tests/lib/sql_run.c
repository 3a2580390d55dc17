#include "lib/sql_run.h"

#include <criterion/criterion.h>

#include "lib/pg.h"

void sql_heard_row(void *arg, const struct sql_row *row)
{
	struct sql_heard *heard = arg;

	heard->rows++;
	snprintf(heard->text, sizeof(heard->text), "%s", sql_row_text(row, 0));
}

void sql_heard_done(void *arg, const struct sql_outcome *outcome)
{
	struct sql_heard *heard = arg;

	heard->calls++;
	heard->done = true;
	heard->outcome = *outcome;
}

struct sql_link *sql_run_link(struct event_base *base, const char *dsn)
{
	struct sql_link_options options = { .dsn = dsn, .name = "test" };
	struct err err = ERR_INIT;
	struct sql_link *link = sql_link_new(base, &options, &err);

	cr_assert(link, "%s", err.text);
	return link;
}

static bool is_ready(void *arg)
{
	return sql_link_state(arg) == SQL_LINK_READY;
}

void sql_run_until_ready(struct event_base *base, struct sql_link *link)
{
	pg_loop_until_true(base, is_ready, link, SQL_RUN_PATIENCE_MS);
}

struct sql_job *sql_run_start(
	struct sql_link *link, const char *text, int deadline_ms, struct sql_heard *heard)
{
	struct sql_call call = { .text = text,
		.row = sql_heard_row,
		.done = sql_heard_done,
		.arg = heard,
		.deadline_ms = deadline_ms };
	struct err err = ERR_INIT;
	struct sql_job *job = sql_submit(link, &call, &err);

	cr_assert(job, "%s", err.text);
	cr_assert_not(heard->done, "done was called inside the submit");
	return job;
}

struct sql_heard sql_run_within(
	struct event_base *base, struct sql_link *link, const char *text, int deadline_ms)
{
	struct sql_heard heard = { .done = false };

	sql_run_start(link, text, deadline_ms, &heard);
	pg_loop_until(base, &heard.done, SQL_RUN_PATIENCE_MS);
	return heard;
}

struct sql_heard sql_run(struct event_base *base, struct sql_link *link, const char *text)
{
	return sql_run_within(base, link, text, 0);
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	((struct sql_heard *)arg)->tx = tx;
	sql_heard_done(arg, outcome);
}

struct sql_tx *sql_run_begin(
	struct event_base *base, struct sql_link *link, enum sql_tx_mode mode, int deadline_ms)
{
	struct sql_heard heard = { .done = false };
	struct err err = ERR_INIT;

	cr_assert_eq(
		sql_tx_begin(link, mode, deadline_ms, on_begun, &heard, &err), 0, "%s", err.text);
	pg_loop_until(base, &heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_NONE, "%s", heard.outcome.err.text);
	return heard.tx;
}

struct sql_heard sql_run_in(struct event_base *base, struct sql_tx *tx, const char *text)
{
	struct sql_heard heard = { .done = false };
	struct sql_call call = {
		.text = text, .row = sql_heard_row, .done = sql_heard_done, .arg = &heard
	};

	sql_tx_call(tx, &call);
	cr_assert_not(heard.done, "done was called inside the call");
	pg_loop_until(base, &heard.done, SQL_RUN_PATIENCE_MS);
	return heard;
}

struct sql_heard sql_run_commit(struct event_base *base, struct sql_tx *tx)
{
	struct sql_heard heard = { .done = false };

	sql_tx_commit(tx, sql_heard_done, &heard);
	pg_loop_until(base, &heard.done, SQL_RUN_PATIENCE_MS);
	return heard;
}

struct sql_heard sql_run_rollback(struct event_base *base, struct sql_tx *tx)
{
	struct sql_heard heard = { .done = false };

	sql_tx_rollback(tx, sql_heard_done, &heard);
	pg_loop_until(base, &heard.done, SQL_RUN_PATIENCE_MS);
	return heard;
}
