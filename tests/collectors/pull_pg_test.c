#include <criterion/criterion.h>
#include <event2/event.h>
#include <fcntl.h>
#include <unistd.h>

#include "collectors/pull_pg.h"
#include "collectors/watermark.h"
#include "core/mem.h"
#include "lib/pg.h"
#include "lib/pulled.h"

static struct collector_env env;
static struct pulled pulled;
static struct source_config config;
static char query_path[64];

static void set_up(void)
{
	env.base = pg_loop_new();
	pulled_init(&pulled);
	config = pulled_config("postgres");
	snprintf(query_path, sizeof(query_path), "/tmp/setaside-query-XXXXXX");
	close(mkstemp(query_path));
	config.query_path = query_path;
}

static void tear_down(void)
{
	unlink(query_path);
	pg_loop_free(env.base);
	pulled_free(&pulled);
}

TestSuite(pull_pg, .init = set_up, .fini = tear_down, .timeout = 120);

static void query(const char *text)
{
	FILE *file = fopen(query_path, "we");

	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

static void again(void)
{
	pulled_free(&pulled);
	pulled_init(&pulled);
}

static void run(const struct store_cursor *cursor)
{
	cr_assert_eq(
		pulled_run(&pulled, &pull_pg, &env, &config, cursor), 0, "%s", pulled.err.text);
}

static void failed(enum err_code code, const char *word)
{
	cr_expect_eq(pulled.err.code, code, "%d: %s", (int)pulled.err.code, pulled.err.text);
	cr_expect(strstr(pulled.err.text, word), "%s", pulled.err.text);
	cr_expect_not(pulled.has_next);
	cr_expect_eq(pulled.ends, 0, "a failed pull handed over a file");
}

static void gives(const char *csv)
{
	const char *slash = strrchr(query_path, '/');
	char *want = mem_format("<%s>%s</>", slash + 1, csv);

	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_expect_str_eq(pulled.text.data, want);
	free(want);
}

Test(pull_pg, rows_become_a_csv_file_with_the_column_names)
{
	struct pg_db *db = pg_db_new_empty();

	config.dsn = (char *)pg_db_dsn(db);
	query("-- 凭证\nSELECT no AS \"凭证号\", amount, note, day FROM (VALUES (1, "
	      "12.50::numeric, 'a,\"b\"', date '2026-03-02'),"
	      " (2, -0.01, E'x\\ny', NULL), (3, 1e6, '', NULL)) AS t (no, amount, note, day) ORDER "
	      "BY no;\n-- Ende");
	run(NULL);
	gives("凭证号,amount,note,day\n1,12.50,\"a,\"\"b\"\"\",2026-03-02\n2,-0.01,\"x\ny\",\n3,"
	      "1000000,\"\",\n");
	cr_assert_str_empty(pulled.next.watermark);
	pg_db_free(db);
}

Test(pull_pg, many_pages_come_whole_and_a_full_sink_holds_them_back)
{
	struct pg_db *db = pg_db_new_empty();

	config.dsn = (char *)pg_db_dsn(db);
	query("SELECT i, repeat('x', 100) AS t FROM generate_series(1, 12345) AS i");
	pulled.full_every = 3;
	run(NULL);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert_gt(pulled.resumed, 2);
	int lines = 0;
	for (size_t i = 0; i < pulled.text.used; i++)
		lines += pulled.text.data[i] == '\n';
	cr_assert_eq(lines, 12346);
	cr_assert(strstr(pulled.text.data, "\n12345,xxx"));
	pg_db_free(db);
}

Test(pull_pg, the_watermark_is_the_greatest_value_and_comes_back_as_the_parameter)
{
	struct pg_db *db = pg_db_new_empty();
	struct store_cursor cursor;

	config.dsn = (char *)pg_db_dsn(db);
	config.watermark = (char *)"at";
	pg_exec(db, "CREATE TABLE public.v (id int, at timestamptz);"
		    "INSERT INTO public.v VALUES (1, '2026-03-02 10:00:00.5+08'), (2, '2026-03-02 "
		    "09:00:00+08'), (3, NULL)");
	query("SELECT * FROM public.v WHERE at > coalesce($1::timestamptz, '-infinity') - interval "
	      "'1 min' OR "
	      "($1 IS NULL AND at IS NULL) ORDER BY id");
	run(NULL);
	gives("id,at\n1,2026-03-02 10:00:00.5+08\n2,2026-03-02 09:00:00+08\n3,\n");
	cr_assert_str_eq(pulled.next.watermark, "2026-03-02 10:00:00.5+08");
	cursor = pulled.next;
	pg_exec(db, "INSERT INTO public.v VALUES (4, '2026-03-02 09:59:30+08'), (5, '2026-03-02 "
		    "09:58:00+08')");
	again();
	run(&cursor);
	gives("id,at\n1,2026-03-02 10:00:00.5+08\n4,2026-03-02 09:59:30+08\n");
	cr_assert_str_eq(pulled.next.watermark, "2026-03-02 10:00:00.5+08", "it never goes back");
	pg_exec(db, "DELETE FROM public.v");
	cursor = pulled.next;
	again();
	run(&cursor);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert_eq(pulled.end, COLLECTOR_UNCHANGED);
	cr_assert_eq(pulled.files, 0);
	pg_db_free(db);
}

Test(pull_pg, watermarks_compare_by_value)
{
	bool comparable = false;

	cr_expect(watermark_later("10", "9", &comparable));
	cr_expect_not(watermark_later("9", "10", &comparable));
	cr_expect_not(watermark_later("10", "10", &comparable));
	cr_expect(watermark_later("1", "", &comparable));
	cr_expect(
		watermark_later("2026-01-01 12:00:00.5+08", "2026-01-01 12:00:00+08", &comparable));
	cr_expect(watermark_later("2026-01-01 12:00:00.51", "2026-01-01 12:00:00.5", &comparable));
	cr_expect(watermark_later("2026-01-02", "2026-01-01", &comparable));
	cr_expect(comparable);
	static const char *const bad[][2] = { { "abc", "" }, { "-5", "1" }, { "1.5", "1" },
		{ "infinity", "" }, { "7", "2026-01-01" }, { "2026-01-01", "7" }, { "", "7" } };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_expect_not(watermark_later(bad[i][0], bad[i][1], &comparable), "%s", bad[i][0]);
		cr_expect_not(comparable, "%s", bad[i][0]);
	}
}

Test(pull_pg, a_row_stamped_in_the_future_does_not_hide_those_that_are_changed_until_then)
{
	struct pg_db *db = pg_db_new_empty();
	struct store_cursor cursor;

	config.dsn = (char *)pg_db_dsn(db);
	config.watermark = (char *)"at";
	pg_exec(db, "CREATE TABLE public.v (id int, at timestamptz);"
		    "INSERT INTO public.v VALUES (1, '2026-03-02 10:00:00+08'), (2, '2162-01-01 "
		    "00:00:00+08')");
	query("SELECT * FROM public.v WHERE at > coalesce($1::timestamptz, '-infinity') ORDER BY "
	      "id");
	run(NULL);
	cr_assert_str_eq(pulled.next.watermark, "2026-03-02 10:00:00+08");
	cr_assert_str_eq(pulled.next.ahead, "2162-01-01 00:00:00+08");
	cursor = pulled.next;
	pg_exec(db, "INSERT INTO public.v VALUES (3, '2026-03-02 10:00:01+08');"
		    "UPDATE public.v SET at = '2026-03-02 10:00:02+08' WHERE id = 2");
	again();
	run(&cursor);
	cr_expect(strstr(pulled.text.data, "\n3,"), "%s", pulled.text.data);
	cr_expect_str_empty(pulled.next.ahead, "it was put right");
	pg_db_free(db);
}

static void ahead(const char *mark, int64_t ms, bool want)
{
	/* 2026-03-02 12:00:00 in Beijing */
	cr_expect_eq(
		watermark_ahead(mark, 1772424000, ms), want, "%s, %lld ms", mark, (long long)ms);
}

Test(pull_pg, a_mark_is_ahead_of_the_clock_by_more_than_the_overlap)
{
	ahead("2026-03-02 12:00:00+08", 0, false);
	ahead("2026-03-02 12:00:01+08", 0, true);
	ahead("2026-03-02 13:00:00+08", 3600 * 1000, false);
	ahead("2026-03-02 13:00:01+08", 3600 * 1000, true);
	ahead("2026-03-02", 0, false);
	ahead("2026-03-03", 0, true);
	ahead("20990101", 0, false);
	ahead("", 0, false);
}

static void back(const char *mark, int64_t count, int64_t ms, const char *want)
{
	char room[64];

	watermark_back(mark, count, ms, room, sizeof(room));
	cr_expect_str_eq(room, want, "%s back: %s", mark, room);
}

Test(pull_pg, a_pull_begins_some_time_before_the_watermark)
{
	back("1000", 10, 0, "990");
	back("5", 10, 0, "0");
	back("2026-03-01 00:10:00.25+08", 0, 3600 * 1000, "2026-02-28 23:10:00.25+08");
	back("2026-03-01 12:00:00", 0, 1500, "2026-03-01 11:59:59");
	back("2026-03-01", 0, 3600 * 1000, "2026-02-28");
	back("2026-03-01", 0, 48 * 3600 * 1000, "2026-02-27");
	back("2026-03-01 12:00:00+08", 0, 0, "2026-03-01 12:00:00+08");
	back("", 10, 10, "");
	back("2026-13-01 12:00:00", 0, 1000, "2026-13-01 12:00:00");
}

/* The one that began first is stamped first and committed last. */
Test(pull_pg, a_transaction_that_commits_late_with_an_older_stamp_is_not_missed)
{
	struct pg_db *db = pg_db_new_empty();
	struct store_cursor cursor;

	config.dsn = (char *)pg_db_dsn(db);
	config.watermark = (char *)"at";
	config.overlap_ms = 600 * 1000;
	pg_exec(db, "CREATE TABLE public.v (id int, at timestamptz DEFAULT now());"
		    "CREATE EXTENSION dblink SCHEMA public");
	_cleanup_free_ char *open = mem_format(
		"SELECT public.dblink_connect('late', '%s'); SELECT public.dblink_exec('late', "
		"'BEGIN'); SELECT public.dblink_exec('late', 'INSERT INTO public.v VALUES (1)')",
		pg_db_dsn(db));
	pg_exec(db, open);
	pg_exec(db, "SELECT pg_sleep(0.01); INSERT INTO public.v VALUES (2)");
	query("SELECT * FROM public.v WHERE at > coalesce($1::timestamptz, '-infinity') ORDER BY "
	      "id");
	run(NULL);
	cr_assert(strstr(pulled.text.data, "\n2,") && !strstr(pulled.text.data, "\n1,"), "%s",
		pulled.text.data);
	cursor = pulled.next;
	pg_exec(db, "SELECT public.dblink_exec('late', 'COMMIT'); SELECT "
		    "public.dblink_disconnect('late')");
	again();
	run(&cursor);
	cr_expect(strstr(pulled.text.data, "\n1,"), "the late one: %s", pulled.text.data);
	config.overlap_ms = 0;
	again();
	run(&cursor);
	cr_expect_eq(pulled.end, COLLECTOR_UNCHANGED, "without an overlap it would be missed");
	pg_db_free(db);
}

Test(pull_pg, from_time_to_time_everything_is_asked_for_so_that_deletions_are_seen)
{
	struct pg_db *db = pg_db_new_empty();
	struct store_cursor cursor = { .watermark = "7", .whole_age_s = 3599 };

	config.dsn = (char *)pg_db_dsn(db);
	config.watermark = (char *)"id";
	config.compare_ms = 3600 * 1000;
	query("SELECT id FROM generate_series(1, 9) AS id WHERE id > coalesce($1::int, 0)");
	run(&cursor);
	gives("id\n8\n9\n");
	cr_expect_eq(pulled.end, COLLECTOR_DONE);
	cursor.whole_age_s = 3600;
	again();
	run(&cursor);
	gives("id\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
	cr_expect_eq(pulled.end, COLLECTOR_WHOLE);
	cr_expect_str_eq(pulled.next.watermark, "9");
	query("SELECT 1 AS id WHERE $1::int > 0");
	again();
	run(&cursor);
	failed(ERR_DATA, "cannot be empty");
	pg_db_free(db);
}

/* A server of before 9.6: the catalogue does not list the parameter and set_config refuses its name. */
static void make_older(struct pg_db *db, const char *parameters)
{
	_cleanup_free_ char *text = mem_format(
		"SET allow_system_table_mods = on;"
		"ALTER VIEW pg_catalog.pg_settings RENAME TO pg_settings_all;"
		"CREATE VIEW pg_catalog.pg_settings AS SELECT * FROM pg_catalog.pg_settings_all "
		"WHERE name <> ALL ('%1$s'::text[]);"
		"GRANT SELECT ON pg_catalog.pg_settings TO public;"
		"ALTER FUNCTION pg_catalog.set_config(text, text, boolean) RENAME TO "
		"set_config_all;"
		"CREATE FUNCTION pg_catalog.set_config(text, text, boolean) RETURNS text LANGUAGE "
		"plpgsql AS $$BEGIN IF $1 = ANY ('%1$s'::text[]) THEN RAISE 'unrecognized "
		"configuration parameter \"%%\"', $1; END IF; RETURN "
		"pg_catalog.set_config_all($1, $2, $3); END$$",
		parameters);

	pg_exec(db, text);
}

Test(pull_pg, a_server_without_the_newer_session_parameters_is_read_all_the_same)
{
	struct pg_db *db = pg_db_new_empty();

	make_older(db, "{client_connection_check_interval,idle_in_transaction_session_timeout,lock_"
		       "timeout}");
	config.dsn = (char *)pg_db_dsn(db);
	query("SELECT current_setting('transaction_read_only') AS ro, "
	      "current_setting('statement_timeout') AS t, current_setting('TimeZone') AS zone");
	run(NULL);
	cr_expect_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_expect(strstr(pulled.text.data, "\non,4500ms,Asia/Shanghai\n"), "%s", pulled.text.data);
	pg_db_free(db);
}

Test(pull_pg, a_server_whose_sessions_cannot_be_made_read_only_is_not_read)
{
	struct pg_db *db = pg_db_new_empty();

	make_older(db, "{default_transaction_read_only}");
	config.dsn = (char *)pg_db_dsn(db);
	query("SELECT 1 AS x");
	run(NULL);
	failed(ERR_DB_DOWN, "cannot be set to read-only sessions");
	pg_db_free(db);
}

Test(pull_pg, a_watermark_that_cannot_be_ordered_or_is_missing_is_an_error)
{
	struct pg_db *db = pg_db_new_empty();

	config.dsn = (char *)pg_db_dsn(db);
	config.watermark = (char *)"mark";
	query("SELECT 'v' || i AS mark FROM generate_series(1, 3) AS i WHERE $1::text IS NULL");
	run(NULL);
	failed(ERR_DATA, "the column mark must be");
	again();
	query("SELECT 1 AS other WHERE $1::text IS NULL");
	run(NULL);
	failed(ERR_USAGE, "no column \"mark\"");
	again();
	query("SELECT 1 AS mark");
	run(NULL);
	failed(ERR_DB, "parameter");
	pg_db_free(db);
}

Test(pull_pg, the_source_cannot_be_written_to)
{
	static const char *const attempts[] = { "DELETE FROM public.t RETURNING id",
		"SELECT 1; DELETE FROM public.t", "SELECT nextval('public.s')",
		"WITH d AS (DELETE FROM public.t RETURNING id) SELECT * FROM d",
		"SELECT 1; COMMIT; DELETE FROM public.t" };
	struct pg_db *db = pg_db_new_empty();

	config.dsn = (char *)pg_db_dsn(db);
	pg_exec(db, "CREATE TABLE public.t (id int); INSERT INTO public.t VALUES (1); CREATE "
		    "SEQUENCE public.s");
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		again();
		query(attempts[i]);
		run(NULL);
		cr_expect_eq(pulled.err.code, ERR_DB, "%s: %s", attempts[i], pulled.err.text);
	}
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM public.t"), 1);
	pg_db_free(db);
}

Test(pull_pg, a_query_that_fails_after_rows_hands_nothing_over)
{
	struct pg_db *db = pg_db_new_empty();

	config.dsn = (char *)pg_db_dsn(db);
	query("SELECT 10 / (5000 - i) AS x FROM generate_series(1, 6000) AS i");
	run(NULL);
	failed(ERR_DB, "division by zero");
	cr_assert_eq(pulled.files, 1, "rows came before the failure");
	again();
	query("SELECT * FROM no_such_table");
	run(NULL);
	failed(ERR_DB, "no_such_table");
	again();
	query("SELECT pg_sleep(30)");
	config.timeout_ms = 1000;
	run(NULL);
	cr_expect_neq(pulled.err.code, ERR_NONE);
	pg_db_free(db);
}

Test(pull_pg, an_empty_result_of_a_complete_source_is_an_error)
{
	struct pg_db *db = pg_db_new_empty();

	config.dsn = (char *)pg_db_dsn(db);
	config.complete = true;
	query("SELECT 1 AS x WHERE false");
	run(NULL);
	failed(ERR_DATA, "cannot be empty");
	pg_db_free(db);
}

Test(pull_pg, bytes_are_limited_and_the_sinks_failure_is_told)
{
	struct pg_db *db = pg_db_new_empty();

	config.dsn = (char *)pg_db_dsn(db);
	query("SELECT repeat('x', 1000) AS x FROM generate_series(1, 20000)");
	config.bytes_max = 1 << 20;
	run(NULL);
	failed(ERR_LIMIT, "more than 1048576 bytes");
	again();
	config.bytes_max = 64 << 20;
	pulled.fail_bytes_at = 2;
	run(NULL);
	failed(ERR_IO, "the archive is full");
	pg_db_free(db);
}

static void demand_password(struct pg_server *server, const char *role)
{
	FILE *hba = fopen(pg_text(pg_server_db(server), "SHOW hba_file"), "we");

	cr_assert_not_null(hba);
	fprintf(hba, "local all all trust\nhost all %s all scram-sha-256\nhost all all all trust\n",
		role);
	fclose(hba);
	pg_server_stop(server, PG_STOP_FAST);
	pg_server_start(server);
}

Test(pull_pg, a_wrong_password_is_one_clear_error)
{
	struct pg_server *server = pg_server_new();
	char path[] = "/tmp/setaside-password-XXXXXX";
	int fd = mkstemp(path);
	char *dsn = NULL;

	cr_assert_eq(write(fd, "wrong\n", 6), 6);
	close(fd);
	pg_exec(pg_server_db(server), "CREATE ROLE reader LOGIN PASSWORD 'right'");
	demand_password(server, "reader");
	dsn = mem_format("%s user=reader sslmode=disable", pg_server_tcp_dsn(server));
	config.dsn = dsn;
	config.password_path = path;
	query("SELECT 1 AS x");
	run(NULL);
	failed(ERR_DB_DOWN, "password authentication failed");
	cr_expect_null(strstr(pulled.err.text, "wrong"), "%s", pulled.err.text);
	again();
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	cr_assert_eq(write(fd, "right\n", 6), 6);
	close(fd);
	run(NULL);
	cr_expect_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	unlink(path);
	free(dsn);
	pg_server_free(server);
}

struct kill_at {
	struct pg_server *server;
	bool killed;
};

static bool kill_when_full(void *arg)
{
	struct kill_at *at = arg;

	if (pulled.full && !at->killed) {
		at->killed = true;
		pg_server_kill(at->server);
	}
	return at->killed;
}

static bool is_done(void *arg)
{
	(void)arg;
	return pulled.done > 0;
}

static void note_done(
	void *arg, enum collector_end end, const struct store_cursor *next, const struct err *err)
{
	(void)arg, (void)end;
	pulled.done++;
	pulled.has_next = next != NULL;
	if (err)
		pulled.err = *err;
}

Test(pull_pg, a_server_that_dies_in_the_middle_is_a_failure)
{
	struct kill_at at = { .server = pg_server_new() };
	struct store_cursor none = { .watermark = "" };
	struct err err = ERR_INIT;

	config.dsn = (char *)pg_server_dsn(at.server);
	query("SELECT i, repeat('x', 200) AS t FROM generate_series(1, 100000) AS i");
	pulled.full_every = 1;
	struct collector_pull *pull =
		pull_pg.start(&env, &config, &none, &pulled.sink, note_done, NULL, &err);
	cr_assert_not_null(pull, "%s", err.text);
	pg_loop_until_true(env.base, kill_when_full, &at, 20000);
	pulled.full_every = 0;
	pulled.full = false;
	pull_pg.resume(pull);
	pg_loop_until_true(env.base, is_done, NULL, 20000);
	failed(ERR_DB_DOWN, "");
	pg_server_free(at.server);
}

static void never(
	void *arg, enum collector_end end, const struct store_cursor *next, const struct err *err)
{
	(void)arg, (void)end, (void)next, (void)err;
	cr_assert_fail("done after cancel");
}

Test(pull_pg, a_pull_can_be_cancelled_at_any_time)
{
	struct pg_db *db = pg_db_new_empty();
	struct store_cursor none = { .watermark = "" };

	config.dsn = (char *)pg_db_dsn(db);
	query("SELECT i FROM generate_series(1, 50000) AS i");
	for (int turns = 0; turns < 60; turns += turns < 20 ? 1 : 7) {
		struct collector_pull *pull =
			pull_pg.start(&env, &config, &none, &pulled.sink, never, NULL, NULL);
		cr_assert_not_null(pull);
		pulled.files = pulled.ends = 0;
		for (int i = 0; i < turns; i++)
			event_base_loop(env.base, EVLOOP_ONCE);
		pull_pg.cancel(pull);
	}
	pg_loop_for(env.base, 50);
	pg_db_free(db);
}

Test(pull_pg, a_query_file_that_is_missing_or_empty_is_told_at_the_start)
{
	config.dsn = (char *)"host=/tmp";
	cr_assert_lt(pulled_run(&pulled, &pull_pg, &env, &config, NULL), 0);
	cr_assert(strstr(pulled.err.text, query_path), "%s", pulled.err.text);
	cr_assert_eq(pulled.err.code, ERR_USAGE);
	again();
	unlink(query_path);
	cr_assert_lt(pulled_run(&pulled, &pull_pg, &env, &config, NULL), 0);
	cr_assert(strstr(pulled.err.text, "No such file"), "%s", pulled.err.text);
}
