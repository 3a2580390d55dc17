/* A run that reads over a second link: the same result, and no half of it when either session ends. */
#include <criterion/criterion.h>
#include <event2/event.h>

#include "checks/run.h"
#include "core/mem.h"
#include "lib/district.h"
#include "lib/evaluate.h"
#include "lib/pg.h"
#include "sql/link.h"

enum { PATIENCE_MS = 60000, STATES = 970 };

static struct pg_db *db;
static struct event_base *base;
static struct sql_link *sql_link, *reader;

struct answer {
	bool done;
	struct err err;
	struct check_report report;
};

static struct sql_link *open_link(const char *name)
{
	struct err err = ERR_INIT;
	struct sql_link *link = sql_link_new(
		base, &(struct sql_link_options){ .dsn = pg_db_dsn(db), .name = name }, &err);

	cr_assert(link, "%s", err.text);
	return link;
}

static void set_up(void)
{
	base = pg_loop_new();
	db = pg_db_new();
	sql_link = open_link("test");
	reader = open_link("reader");
	district_load(db, "district", true);
}

static void tear_down(void)
{
	sql_link_free(reader);
	sql_link_free(sql_link);
	pg_db_free(db);
	pg_loop_free(base);
}

static void on_answer(void *arg, const struct err *err, const struct check_report *report)
{
	struct answer *answer = arg;

	answer->done = true;
	if (err)
		answer->err = *err;
	answer->report = *report;
}

static struct check_run *start(struct answer *answer, struct sql_link *reading)
{
	struct check_options options = { .as_of = evaluate_day("2026-10-20"),
		.full = true,
		.jurisdiction = "beijing-xicheng",
		.reader = reading };
	struct err err = ERR_INIT;
	struct check_run *run = check_run_start(base, sql_link, &options, on_answer, answer, &err);

	cr_assert(run, "%s", err.text);
	return run;
}

static struct answer finish(struct sql_link *reading)
{
	struct answer answer = { 0 };

	start(&answer, reading);
	pg_loop_until(base, &answer.done, PATIENCE_MS);
	return answer;
}

static char *states(void)
{
	return mem_text(
		pg_text(db, "SELECT md5(string_agg(obligation_no || status || print, ' ' ORDER BY "
			    "obligation_no COLLATE \"C\")) FROM obligation_state"));
}

static void nothing_is_stored(void)
{
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM obligation_state"), 0);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM obligation_group"), 0);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM check_run"), 0);
}

TestSuite(run_reader, .init = set_up, .fini = tear_down, .timeout = 180);

Test(run_reader, two_links_store_what_one_stores)
{
	struct answer answer = finish(reader);
	_cleanup_free_ char *with_two = states();

	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert_eq(answer.report.states_written, STATES);
	answer = finish(NULL);
	cr_assert_eq(answer.report.obligations, STATES);
	cr_assert_eq(answer.report.states_written, 0, "one link finds nothing to change");
	pg_exec(db, "DELETE FROM obligation_state; DELETE FROM obligation_group");
	finish(NULL);
	_cleanup_free_ char *with_one = states();
	cr_assert_str_eq(with_one, with_two);
}

Test(run_reader, again_over_two_links_writes_nothing)
{
	struct answer answer;

	finish(reader);
	answer = finish(reader);
	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert_eq(answer.report.states_written, 0);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM check_run"), 1);
}

/* Equal texts: nothing was stored between them. */
static char *stored(void)
{
	return mem_text(pg_text(db, "SELECT concat_ws(' ', (SELECT count(*) FROM "
				    "obligation_state), (SELECT count(*) FROM "
				    "obligation_group), (SELECT count(*) FROM check_run), (SELECT "
				    "count(*) FROM finding))"));
}

Test(run_reader, a_run_whose_reader_dies_stores_nothing)
{
	int failed = 0;

	for (int wait_ms = 10; wait_ms < 400; wait_ms += 30) {
		_cleanup_free_ char *before = stored();
		struct answer answer = { 0 };
		start(&answer, reader);
		pg_loop_for(base, wait_ms);
		if (answer.done)
			break;
		pg_exec(db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
			    "datname = current_database() AND application_name LIKE '%reader%'");
		pg_loop_until(base, &answer.done, PATIENCE_MS);
		if (answer.err.code == ERR_NONE)
			continue; /* all was read already, or not yet begun */
		_cleanup_free_ char *after = stored();
		cr_assert_str_eq(after, before);
		failed++;
	}
	cr_assert_gt(failed, 0);
	finish(reader);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM obligation_state"), STATES);
}

Test(run_reader, a_run_that_is_cut_while_it_reads_leaves_nothing)
{
	for (int wait_ms = 0; wait_ms < 120; wait_ms += 10) {
		struct answer answer = { 0 };
		struct check_run *run = start(&answer, reader);
		pg_loop_for(base, wait_ms);
		if (answer.done)
			break;
		check_run_cancel(run);
		pg_loop_for(base, 20);
		cr_assert(!answer.done);
		if (pg_int(db, "SELECT count(*) FROM check_run") == 0)
			nothing_is_stored();
	}
	finish(reader);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM obligation_state"), STATES);
}

Test(run_reader, a_reader_that_cannot_be_had_is_done_without)
{
	struct sql_link *away = sql_link_new(base,
		&(struct sql_link_options){
			.dsn = "host=/nonexistent dbname=x", .name = "away", .once = true },
		NULL);
	struct answer answer = finish(away);

	sql_link_free(away);
	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert_eq(answer.report.states_written, STATES);
}
