#include "sql/link.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/mem.h"
#include "lib/pg.h"
#include "lib/sql_run.h"

static struct pg_db *db;
static struct event_base *base;

static void set_up(void)
{
	base = pg_loop_new();
	db = pg_db_new_empty();
}

static void tear_down(void)
{
	pg_db_free(db);
	pg_loop_free(base);
}

TestSuite(link, .init = set_up, .fini = tear_down, .timeout = 60);

static struct sql_link *open_with(const struct sql_link_options *options)
{
	struct err err = ERR_INIT;
	struct sql_link *link = sql_link_new(base, options, &err);

	cr_assert(link, "%s", err.text);
	return link;
}

/* One job on a link that lives once: what a command would be told. */
static struct sql_outcome ask_once(const char *dsn, const char *password_file)
{
	struct sql_link *link = open_with(&(struct sql_link_options){
		.dsn = dsn, .password_file = password_file, .name = "test", .once = true });
	struct sql_heard heard = sql_run(base, link, "SELECT 1");

	sql_link_free(link);
	return heard.outcome;
}

/* What the watcher saw, as one text. */
static char states[256];

static void on_state(void *arg, enum sql_link_state state, const char *reason)
{
	size_t used = strlen(states);

	(void)arg;
	(void)reason;
	snprintf(states + used, sizeof(states) - used, "%s ", sql_link_state_name(state));
}

static void end_sessions(void)
{
	pg_exec(db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
		    "application_name LIKE 'setaside %' AND datname = current_database()");
}

Test(link, a_session_has_the_settings_that_everything_relies_on)
{
	struct sql_link *link = sql_run_link(base, pg_db_dsn(db));
	static const char *const wanted[][2] = { { "SHOW timezone", "Asia/Shanghai" },
		{ "SHOW client_encoding", "UTF8" }, { "SHOW datestyle", "ISO, YMD" },
		{ "SHOW bytea_output", "hex" }, { "SHOW search_path", "setaside" },
		{ "SHOW statement_timeout", "29500ms" }, { "SHOW lock_timeout", "20s" },
		{ "SHOW client_connection_check_interval", "10s" },
		{ "SHOW application_name", "setaside test" } };

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		cr_assert_str_eq(
			sql_run(base, link, wanted[i][0]).text, wanted[i][1], "%s", wanted[i][0]);
	cr_assert_geq(sql_link_server_version(link), 150000);
	sql_link_free(link);
}

static bool is_down(void *link)
{
	return sql_link_state(link) == SQL_LINK_DOWN;
}

Test(link, an_idle_session_that_is_ended_comes_back_and_says_why)
{
	struct sql_link *link = sql_run_link(base, pg_db_dsn(db));

	states[0] = '\0';
	sql_link_watch(link, on_state, NULL);
	cr_assert_str_eq(states, "");
	sql_run_until_ready(base, link);
	end_sessions();
	pg_loop_until_true(base, is_down, link, SQL_RUN_PATIENCE_MS);
	cr_assert_eq(sql_link_server_version(link), 0);
	cr_assert(strstr(sql_link_last_error(link), "administrator command"), "%s",
		sql_link_last_error(link));
	sql_run_until_ready(base, link);
	cr_assert_eq(sql_run(base, link, "SELECT 1").rows, 1);
	cr_assert_str_eq(states, "connecting ready down connecting ready ");
	sql_link_free(link);
}

Test(link, a_link_that_lives_once_does_not_come_back)
{
	struct sql_link *link = open_with(
		&(struct sql_link_options){ .dsn = pg_db_dsn(db), .name = "test", .once = true });
	struct err err = ERR_INIT;

	sql_run_until_ready(base, link);
	end_sessions();
	pg_loop_for(base, 600);
	cr_assert_eq(sql_link_state(link), SQL_LINK_CLOSED);
	cr_assert_null(sql_submit(link, &(struct sql_call){ .text = "SELECT 1" }, &err));
	cr_assert_eq(err.code, ERR_DB_DOWN);
	cr_assert(strstr(err.text, "administrator command"), "%s", err.text);
	sql_link_free(link);
}

Test(link, nobody_there_is_an_error_of_its_own)
{
	struct sql_outcome outcome = ask_once("host=/nonexistent dbname=x", NULL);

	cr_assert_eq(outcome.err.code, ERR_DB_DOWN);
	cr_assert_eq(err_exit_status(outcome.err.code), 3);
	cr_assert(strstr(outcome.err.text, "/nonexistent"), "%s", outcome.err.text);
	cr_assert_null(strchr(outcome.err.text, '\n'));
	cr_assert_not(outcome.unknown);
}

Test(link, jobs_wait_for_a_link_that_is_down_until_their_deadline)
{
	struct sql_link *link = sql_run_link(base, "host=/nonexistent dbname=x");
	struct sql_heard heard = sql_run_within(base, link, "SELECT 1", 300);

	cr_assert_eq(heard.outcome.err.code, ERR_DB_DOWN);
	cr_assert(strstr(heard.outcome.err.text, "/nonexistent"), "%s", heard.outcome.err.text);
	cr_assert_not(heard.outcome.unknown);
	sql_link_free(link);
}

Test(link, the_second_of_three_hosts_is_found)
{
	const char *real = strstr(pg_db_dsn(db), "host=") + strlen("host=");
	char *dsn = mem_format("host=/nonexistent,%.*s,/nowhere%s", (int)strcspn(real, " "), real,
		real + strcspn(real, " "));
	struct sql_outcome outcome = ask_once(dsn, NULL);

	cr_assert_eq(outcome.err.code, ERR_NONE, "%s", outcome.err.text);
	free(dsn);
}

Test(link, a_server_that_accepts_and_says_nothing_is_given_up_at_the_deadline)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof(address);
	int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sql_link *link;
	struct sql_heard heard;
	char *dsn;

	cr_assert_eq(bind(silent, (struct sockaddr *)&address, length), 0);
	cr_assert_eq(listen(silent, 1), 0);
	getsockname(silent, (struct sockaddr *)&address, &length);
	dsn = mem_format("host=127.0.0.1 port=%d dbname=x user=y", ntohs(address.sin_port));
	link = open_with(&(struct sql_link_options){
		.dsn = dsn, .name = "test", .once = true, .connect_deadline_ms = 300 });
	heard = sql_run(base, link, "SELECT 1");
	cr_assert_eq(heard.outcome.err.code, ERR_DB_DOWN);
	cr_assert(strstr(heard.outcome.err.text, "within 300 ms"), "%s", heard.outcome.err.text);
	sql_link_free(link);
	close(silent);
	free(dsn);
}

Test(link, a_host_name_that_does_not_exist_is_named)
{
	struct sql_outcome outcome = ask_once("host=no-such-host.invalid dbname=x user=y", NULL);

	cr_assert_eq(outcome.err.code, ERR_DB_DOWN);
	cr_assert(strstr(outcome.err.text, "no-such-host.invalid") ||
			  strstr(outcome.err.text, "within 10000 ms"),
		"%s", outcome.err.text);
}

Test(link, a_link_may_be_freed_while_its_host_is_looked_up)
{
	struct sql_link *link = sql_run_link(base, "host=no-such-host.invalid dbname=x user=y");

	event_base_loop(base, EVLOOP_NONBLOCK);
	cr_assert_eq(sql_link_state(link), SQL_LINK_CONNECTING);
	sql_link_free(link);
	pg_loop_for(base, 50);
}

Test(link, a_connection_string_that_means_nothing_is_refused_and_not_repeated)
{
	struct sql_link_options options = { .dsn = "host=x passwort=geheim", .name = "store" };
	struct err err = ERR_INIT;

	cr_assert_null(sql_link_new(base, &options, &err));
	cr_assert_eq(err.code, ERR_USAGE);
	cr_assert_eq(err_exit_status(err.code), 2);
	cr_assert(strstr(err.text, "store"), "%s", err.text);
	cr_assert_null(strstr(err.text, "geheim"), "%s", err.text);
}

Test(link, a_source_database_is_read_only)
{
	struct sql_link *link = open_with(&(struct sql_link_options){
		.dsn = pg_db_dsn(db), .name = "source treasury", .foreign = true });

	pg_exec(db, "CREATE TABLE public.t (n int)");
	cr_assert_str_eq(
		sql_run(base, link, "INSERT INTO public.t VALUES (1)").outcome.err.sqlstate,
		"25006");
	cr_assert_str_eq(sql_run(base, link, "SELECT count(*) FROM public.t").text, "0");
	cr_assert_str_eq(sql_run(base, link, "SHOW timezone").text, "Asia/Shanghai");
	cr_assert_str_eq(sql_run(base, link, "SHOW search_path").text, "\"$user\", public");
	cr_assert_str_eq(sql_run(base, link, "SHOW statement_timeout").text, "29500ms");
	end_sessions();
	pg_loop_for(base, 50);
	cr_assert_str_eq(
		sql_run(base, link, "INSERT INTO public.t VALUES (1)").outcome.err.sqlstate,
		"25006", "read-only after the reconnect as well");
	sql_link_free(link);
}

static char *role_dsn(void)
{
	pg_exec(db, "DO $$ BEGIN CREATE ROLE needs_password LOGIN PASSWORD 'right'; EXCEPTION WHEN "
		    "duplicate_object OR unique_violation THEN NULL; END $$");
	return mem_format("%s user=needs_password", pg_db_dsn(db));
}

static char *password_file(const char *content)
{
	char *path = mem_text("/tmp/ss-password.XXXXXX");
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	close(fd);
	return path;
}

static struct sql_outcome ask_with_password(const char *content)
{
	char *dsn = role_dsn();
	char *path = password_file(content);
	struct sql_outcome outcome = ask_once(dsn, path);

	unlink(path);
	free(path);
	free(dsn);
	return outcome;
}

Test(link, a_wrong_password_is_said_plainly_and_not_shown)
{
	struct sql_outcome outcome = ask_with_password("falsch\n");

	cr_assert_eq(outcome.err.code, ERR_DB_DOWN);
	cr_assert_eq(err_exit_status(outcome.err.code), 3);
	cr_assert(
		strstr(outcome.err.text, "password authentication failed"), "%s", outcome.err.text);
	cr_assert_null(strstr(outcome.err.text, "falsch"));
}

Test(link, the_password_is_the_first_line_of_its_file)
{
	struct sql_outcome outcome = ask_with_password("right\r\nignored\n");

	cr_assert_eq(outcome.err.code, ERR_NONE, "%s", outcome.err.text);
}

Test(link, an_empty_or_missing_password_file_is_named)
{
	struct sql_outcome outcome = ask_with_password("\n");

	cr_assert_eq(outcome.err.code, ERR_DB_DOWN);
	cr_assert(strstr(outcome.err.text, "is empty"), "%s", outcome.err.text);
	outcome = ask_once(pg_db_dsn(db), "/nonexistent/password");
	cr_assert(strstr(outcome.err.text, "/nonexistent/password"), "%s", outcome.err.text);
}

Test(link, a_link_nobody_used_is_freed_without_a_turn)
{
	sql_link_free(sql_run_link(base, pg_db_dsn(db)));
	sql_link_free(NULL);
}
