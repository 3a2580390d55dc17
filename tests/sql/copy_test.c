#include <criterion/criterion.h>
#include <event2/event.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/resource.h>

#include "core/mem.h"
#include "lib/pg.h"
#include "lib/sql_run.h"
#include "sql/job.h"

enum { ROW_BYTES = 500, MEBI = 1024 * 1024 };

static struct pg_db *db;
static struct event_base *base;
static struct sql_link *store;
static char filler[ROW_BYTES];

/* Sends rows "number, filler" until it has sent all, stopping whenever the copy is full. */
struct producer {
	struct sql_copy *copy;
	struct sql_heard heard;
	int64_t rows, sent;
	int64_t bad_row; /* gets a word instead of a number */
	int64_t pause;   /* no more than this until the test says so */
	int waits;       /* how often drained was called */
	bool ready, ignore_full, no_end;
};

static void produce(struct producer *p)
{
	int64_t most = p->pause > 0 ? p->pause : p->rows;

	while (p->sent < most && (p->ignore_full || !sql_copy_full(p->copy))) {
		p->sent++;
		if (p->sent == p->bad_row)
			sql_copy_field_text(p->copy, "word", 4);
		else
			sql_copy_field_int(p->copy, p->sent);
		sql_copy_field_text(p->copy, filler, sizeof(filler));
		sql_copy_row_end(p->copy);
	}
	if (p->sent == p->rows && !p->no_end)
		sql_copy_end(p->copy);
}

static void on_ready(void *arg)
{
	struct producer *p = arg;

	p->ready = true;
	produce(p);
}

static void on_drained(void *arg)
{
	struct producer *p = arg;

	p->waits++;
	produce(p);
}

static void on_copied(void *arg, const struct sql_outcome *outcome)
{
	sql_heard_done(&((struct producer *)arg)->heard, outcome);
}

static void set_up(void)
{
	memset(filler, 'x', sizeof(filler));
	base = pg_loop_new();
	db = pg_db_new_empty();
	pg_exec(db, "CREATE SCHEMA setaside; CREATE TABLE setaside.t (n bigint, filler text)");
	store = sql_run_link(base, pg_db_dsn(db));
}

static void tear_down(void)
{
	sql_link_free(store);
	pg_db_free(db);
	pg_loop_free(base);
}

TestSuite(copy, .init = set_up, .fini = tear_down, .timeout = 120);

static struct sql_tx *start(struct producer *p, int deadline_ms)
{
	struct sql_tx *tx = sql_run_begin(base, store, SQL_TX_WRITE, 60000);
	struct sql_copy_call call = { .text = "COPY t (n, filler) FROM STDIN",
		.ready = on_ready,
		.drained = on_drained,
		.done = on_copied,
		.arg = p,
		.deadline_ms = deadline_ms };

	p->copy = sql_tx_copy(tx, &call);
	cr_assert_not(p->ready, "ready was called inside the call");
	return tx;
}

static struct sql_tx *run(struct producer *p)
{
	struct sql_tx *tx = start(p, 0);

	pg_loop_until(base, &p->heard.done, SQL_RUN_PATIENCE_MS);
	return tx;
}

static pid_t backend(void)
{
	return (pid_t)pg_int(db, "SELECT pid FROM pg_stat_activity WHERE application_name = "
				 "'setaside test' AND datname = current_database()");
}

Test(copy, rows_arrive_and_are_counted)
{
	struct producer p = { .rows = 1000 };
	struct sql_tx *tx = run(&p);

	cr_assert_eq(p.heard.outcome.err.code, ERR_NONE, "%s", p.heard.outcome.err.text);
	cr_assert_eq(p.heard.outcome.affected, 1000);
	cr_assert_eq(sql_run_commit(base, tx).outcome.err.code, ERR_NONE);
	cr_assert_eq(
		pg_int(db, "SELECT count(DISTINCT n) FROM t WHERE length(filler) = 500"), 1000);
	cr_assert_eq(p.heard.calls, 1);
}

static struct sql_copy *odd_copy;

static void send_odd_row(void *arg)
{
	static const char odd[] = "tab\t newline\n return\r back\\slash \\N \\. 汉字 '\"";
	day_t day;

	(void)arg;
	cr_assert(day_from_civil(2025, 3, 1, &day));
	sql_copy_field_text(odd_copy, odd, sizeof(odd) - 1);
	sql_copy_field_text(odd_copy, "", 0);
	sql_copy_field_null(odd_copy);
	sql_copy_field_int(odd_copy, INT64_MIN);
	sql_copy_field_bool(odd_copy, false);
	sql_copy_field_day(odd_copy, day);
	sql_copy_field_day(odd_copy, DAY_NONE);
	sql_copy_row_end(odd_copy);
	sql_copy_end(odd_copy);
}

Test(copy, every_byte_comes_back_as_it_went)
{
	struct sql_heard heard = { .done = false };
	struct sql_copy_call call = { .text = "COPY odd FROM STDIN",
		.ready = send_odd_row,
		.done = sql_heard_done,
		.arg = &heard };
	struct sql_tx *tx;

	pg_exec(db,
		"CREATE TABLE odd (a text, b text, c text, d bigint, e boolean, f date, g date)");
	tx = sql_run_begin(base, store, SQL_TX_WRITE, 0);
	odd_copy = sql_tx_copy(tx, &call);
	pg_loop_until(base, &heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(heard.outcome.err.code, ERR_NONE, "%s", heard.outcome.err.text);
	sql_run_commit(base, tx);
	cr_assert_str_eq(pg_text(db, "SELECT a FROM odd"),
		"tab\t newline\n return\r back\\slash \\N \\. 汉字 '\"");
	cr_assert_str_eq(pg_text(db, "SELECT concat_ws('|', b = '', c IS NULL, d, e, f, g IS NULL) "
				     "FROM odd"),
		"t|t|-9223372036854775808|f|2025-03-01|t");
}

static long peak_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* The server is stopped, so nothing is taken: what the producer could hand over is what we and
 * the socket hold. */
Test(copy, a_server_that_does_not_read_stops_the_producer)
{
	struct producer p = { .rows = 50LL * MEBI / ROW_BYTES };
	struct sql_tx *tx = start(&p, 0);
	pid_t pid = backend();
	long before = peak_kib();
	int64_t held;

	pg_loop_until(base, &p.ready, SQL_RUN_PATIENCE_MS);
	kill(pid, SIGSTOP);
	pg_loop_for(base, 300);
	held = p.sent;
	pg_loop_for(base, 300);
	cr_assert_eq(p.sent, held, "rows were taken while the server stood still");
	cr_assert(p.sent < p.rows, "everything was taken");
	kill(pid, SIGCONT);
	pg_loop_until(base, &p.heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(p.heard.outcome.affected, p.rows);
	cr_assert_gt(p.waits, 10);
	cr_assert_lt(peak_kib() - before, 16 * 1024, "memory grew by %ld KiB", peak_kib() - before);
	sql_run_commit(base, tx);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), p.rows);
}

/* The producer rests after the bad row, as one does that waits for its own source. */
Test(copy, a_bad_row_is_told_before_the_copy_ends)
{
	struct producer p = { .rows = 2000, .bad_row = 3, .pause = 1000 };
	struct sql_tx *tx = run(&p);

	cr_assert_leq(p.sent, 1000);
	cr_assert_eq(p.heard.outcome.err.code, ERR_DB);
	cr_assert_str_eq(p.heard.outcome.err.sqlstate, "22P02");
	cr_assert_eq(sql_fault(&p.heard.outcome), SQL_FAULT_DATA);
	cr_assert(strstr(p.heard.outcome.err.text, "line 3"), "%s", p.heard.outcome.err.text);
	cr_assert_eq(sql_run_rollback(base, tx).outcome.err.code, ERR_NONE);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
}

Test(copy, a_bad_last_row_is_told_at_the_end)
{
	struct producer p = { .rows = 1000, .bad_row = 1000 };
	struct sql_tx *tx = run(&p);

	cr_assert_str_eq(p.heard.outcome.err.sqlstate, "22P02");
	cr_assert(strstr(p.heard.outcome.err.text, "line 1000"), "%s", p.heard.outcome.err.text);
	sql_run_rollback(base, tx);
}

/* The server talks while we copy, and that is no refusal. */
Test(copy, notices_do_not_stop_the_copy)
{
	struct producer p = { .rows = 3000 };
	struct sql_tx *tx;

	pg_exec(db,
		"CREATE FUNCTION speak() RETURNS trigger LANGUAGE plpgsql AS "
		"'BEGIN IF NEW.n % 100 = 0 THEN RAISE NOTICE ''row %'', NEW.n; END IF; RETURN NEW; "
		"END'; CREATE TRIGGER speak BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION "
		"speak()");
	tx = run(&p);
	cr_assert_eq(p.heard.outcome.err.code, ERR_NONE, "%s", p.heard.outcome.err.text);
	cr_assert_eq(p.heard.outcome.affected, 3000);
	sql_run_commit(base, tx);
}

Test(copy, an_aborted_copy_leaves_nothing)
{
	struct producer p = { .rows = 100, .no_end = true };
	struct sql_tx *tx = start(&p, 0);

	pg_loop_until(base, &p.ready, SQL_RUN_PATIENCE_MS);
	sql_copy_abort(p.copy, "the file is torn");
	cr_assert_not(p.heard.done);
	pg_loop_until(base, &p.heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(p.heard.outcome.err.code, ERR_CANCELLED);
	cr_assert(strstr(p.heard.outcome.err.text, "torn"));
	sql_run_rollback(base, tx);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
}

Test(copy, a_copy_aborted_before_the_server_is_ready_calls_no_ready)
{
	struct producer p = { .rows = 100 };
	struct sql_tx *tx = start(&p, 0);

	sql_copy_abort(p.copy, "changed my mind");
	pg_loop_until(base, &p.heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_not(p.ready);
	cr_assert_eq(p.heard.outcome.err.code, ERR_CANCELLED);
	sql_run_rollback(base, tx);
}

Test(copy, a_rollback_ends_a_copy_that_waits_for_rows)
{
	struct producer p = { .rows = 100, .no_end = true };
	struct sql_tx *tx = start(&p, 0);

	pg_loop_until(base, &p.ready, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(sql_run_rollback(base, tx).outcome.err.code, ERR_NONE);
	cr_assert_eq(p.heard.calls, 1);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
}

Test(copy, an_abandoned_copy_calls_nobody)
{
	struct producer p = { .rows = 100, .no_end = true };
	struct sql_tx *tx = start(&p, 0);

	pg_loop_until(base, &p.ready, SQL_RUN_PATIENCE_MS);
	sql_tx_abandon(tx);
	cr_assert_eq(sql_run(base, store, "SELECT 1").rows, 1);
	cr_assert_not(p.heard.done);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM t"), 0);
}

Test(copy, a_session_that_dies_fails_the_copy_and_its_transaction)
{
	struct producer p = { .rows = 400LL * MEBI / ROW_BYTES };
	struct sql_tx *tx = start(&p, 0);
	pid_t pid = backend();

	pg_loop_until(base, &p.ready, SQL_RUN_PATIENCE_MS);
	kill(pid, SIGTERM);
	pg_loop_until(base, &p.heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(p.heard.outcome.err.code, ERR_DB_DOWN, "%s", p.heard.outcome.err.text);
	cr_assert_not(p.heard.outcome.unknown, "nothing was committed");
	cr_assert_neq(sql_run_commit(base, tx).outcome.err.code, ERR_NONE);
	cr_assert_eq(sql_run(base, store, "SELECT count(*) FROM t").text[0], '0');
}

Test(copy, a_producer_that_does_not_listen_hits_the_ceiling)
{
	struct producer p = { .rows = 400LL * MEBI / ROW_BYTES, .ignore_full = true };
	struct sql_tx *tx = start(&p, 0);

	kill(backend(), SIGSTOP);
	pg_loop_for(base, 50);
	kill(backend(), SIGCONT);
	pg_loop_until(base, &p.heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(p.heard.outcome.err.code, ERR_LIMIT, "%s", p.heard.outcome.err.text);
	sql_run_rollback(base, tx);
}

Test(copy, a_copy_that_gets_no_rows_ends_by_its_deadline)
{
	struct producer p = { .rows = 100, .no_end = true };
	struct sql_tx *tx = start(&p, 400);

	pg_loop_until(base, &p.heard.done, SQL_RUN_PATIENCE_MS);
	cr_assert_neq(p.heard.outcome.err.code, ERR_NONE);
	cr_assert_eq(sql_fault(&p.heard.outcome), SQL_FAULT_AWAY);
	sql_run_rollback(base, tx);
	cr_assert_eq(sql_run(base, store, "SELECT count(*) FROM t").text[0], '0');
}
