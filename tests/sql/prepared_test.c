#include "sql/prepared.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "lib/pg.h"
#include "lib/sql_run.h"

static struct pg_db *db;
static struct event_base *base;
static struct sql_link *often;
static const char count_of_it[] = "SELECT count(*) FROM pg_prepared_statements "
				  "WHERE statement = 'SELECT n FROM t'";

static void set_up(void)
{
	struct err err = ERR_INIT;

	base = pg_loop_new();
	db = pg_db_new_empty();
	pg_exec(db, "CREATE SCHEMA setaside");
	pg_exec(db, "CREATE TABLE setaside.t (n int)");
	pg_exec(db, "INSERT INTO setaside.t VALUES (7)");
	often = sql_link_new(base,
		&(struct sql_link_options){
			.dsn = pg_db_dsn(db), .name = "often", .prepares = true },
		&err);
	cr_assert_not_null(often, "%s", err.text);
	sql_run_until_ready(base, often);
}

static void tear_down(void)
{
	sql_link_free(often);
	pg_db_free(db);
	pg_loop_free(base);
}

TestSuite(prepared, .init = set_up, .fini = tear_down, .timeout = 60);

static void expect_seven(void)
{
	struct sql_heard heard = sql_run(base, often, "SELECT n FROM t");

	cr_assert_eq(heard.outcome.err.code, ERR_NONE, "%s", heard.outcome.err.text);
	cr_expect_str_eq(heard.text, "7");
}

/* Of the session of the link itself. */
static void expect_prepared(const char *count)
{
	cr_expect_str_eq(sql_run(base, often, count_of_it).text, count);
}

Test(prepared, a_statement_is_prepared_when_it_comes_again_and_used_from_then_on)
{
	expect_seven();
	expect_prepared("0");
	expect_seven();
	expect_prepared("1");
	for (int i = 0; i < 8; i++)
		expect_seven();
	expect_prepared("1");
	cr_expect_str_eq(sql_run(base, often,
				 "SELECT generic_plans + custom_plans FROM pg_prepared_statements "
				 "WHERE statement = 'SELECT n FROM t'")
				 .text,
		"9");
}

Test(prepared, a_statement_that_is_planned_anew_is_neither_made_nor_used)
{
	for (int i = 0; i < 3; i++) {
		struct sql_heard heard = { .done = false };
		struct sql_call call = { .text = "SELECT n FROM t",
			.row = sql_heard_row,
			.done = sql_heard_done,
			.arg = &heard,
			.anew = true };
		struct err err = ERR_INIT;

		cr_assert_not_null(sql_submit(often, &call, &err), "%s", err.text);
		pg_loop_until(base, &heard.done, 10000);
		cr_expect_str_eq(heard.text, "7");
	}
	expect_prepared("0");
}

Test(prepared, when_its_columns_change_one_use_fails_and_the_next_ones_do_not)
{
	struct sql_heard heard;

	expect_seven();
	expect_seven();
	pg_exec(db, "ALTER TABLE setaside.t ALTER n TYPE text");
	heard = sql_run(base, often, "SELECT n FROM t");
	cr_expect_str_eq(heard.outcome.err.sqlstate, "0A000");
	for (int i = 0; i < 3; i++)
		expect_seven();
	expect_prepared("2"); /* the one that was given up, and the one made anew */
}

Test(prepared, a_statement_that_cannot_be_prepared_fails_as_any_other_and_the_link_lives)
{
	for (int i = 0; i < 3; i++)
		cr_expect_str_eq(sql_run(base, often, "SELECT * FROM nowhere").outcome.err.sqlstate,
			"42P01");
	pg_exec(db, "CREATE TABLE setaside.nowhere (n int)");
	cr_expect_eq(sql_run(base, often, "SELECT * FROM nowhere").outcome.err.code, ERR_NONE);
}

Test(prepared, a_failure_within_a_transaction_leaves_the_names_right)
{
	struct sql_tx *tx = sql_run_begin(base, often, SQL_TX_WRITE, 0);

	sql_run_in(base, tx, "SELECT n FROM t");
	sql_run_in(base, tx, "SELECT n FROM t");
	sql_run_in(base, tx, "SELECT 1 / 0");
	sql_run_rollback(base, tx);
	expect_seven(); /* names outlive a rollback */
	expect_prepared("1");
}

static bool session_ended(void *arg)
{
	(void)arg;
	return sql_link_state(often) != SQL_LINK_READY;
}

Test(prepared, a_new_session_begins_without_names)
{
	expect_seven();
	expect_seven();
	pg_exec(db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
		    "WHERE application_name = 'setaside often' AND datname = current_database()");
	pg_loop_until_true(base, session_ended, NULL, SQL_RUN_PATIENCE_MS);
	sql_run_until_ready(base, often);
	expect_prepared("0");
	expect_seven();
	expect_seven();
	expect_prepared("1");
}

Test(prepared, only_so_many_are_kept_and_the_rest_is_sent_as_it_is)
{
	struct prepared *prepared = prepared_new();
	char text[40];

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < PREPARED_MAX + 10; i++) {
			snprintf(text, sizeof(text), "SELECT %d", i);
			cr_expect_eq(prepared_find(prepared, text) != NULL,
				round == 1 && i < PREPARED_MAX, "%d", i);
		}
	prepared_free(prepared);
}
