#include "lib/simulated.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "alerts/outbox.h"
#include "core/day.h"
#include "core/fetch.h"
#include "core/mem.h"
#include "lib/facts_csv.h"
#include "lib/alerting.h"
#include "lib/evaluate.h"
#include "lib/mailbox.h"
#include "lib/pg.h"
#include "lib/robotd.h"
#include "lib/sink.h"
#include "lib/smtpd.h"
#include "lib/sql_run.h"
#include "sql/embed.h"
#include "sql/migrate.h"

enum { PATIENCE_MS = 30000, BODY_MAX = 1 << 20, BEIJING_S = 8 * 3600 };

static struct {
	int64_t now; /* Unix seconds, 0 = the real time */
	char clock_path[64];
	struct pg_server *server;
	struct pg_db *db;
	struct event_base *base;
	struct sql_link *link, *outbox_link;
	struct smtpd *smtpd;
	struct sink *sink;
	struct robotd *robotd;
	struct conf *conf;
	struct fetch *fetch;
	struct outbox *outbox;
	int mails, hooks, texts; /* collected */
	struct simulated_arrival *arrivals;
	size_t count, cap;
	char room[BODY_MAX];
} sim;

int64_t simulated_seconds(void)
{
	struct timespec now;

	if (sim.now != 0)
		return sim.now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

struct pg_db *simulated_db(void)
{
	return sim.db;
}

struct event_base *simulated_base(void)
{
	return sim.base;
}

struct sql_link *simulated_link(void)
{
	return sim.link;
}

bool simulated_possible(void)
{
	glob_t found;
	bool any = glob("/usr/lib/*/faketime/libfaketimeMT.so.1", 0, NULL, &found) == 0 ||
		   glob("/usr/lib/faketime/libfaketimeMT.so.1", 0, NULL, &found) == 0;

	globfree(&found);
	return any;
}

/* The clock ------------------------------------------------------------------------------------ */

static bool idle(void *arg)
{
	(void)arg;
	return !outbox_stats(sim.outbox).busy;
}

/* Time moves only between statements: one that began before the move and ends after it would see a lease that is
 * minutes old when it is taken. */
static void set_clock(int64_t seconds)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%" PRId64 "\n", seconds);
	/* Written in one piece and never shorter than before: a reader sees the old or the new. */
	int fd;

	if (sim.outbox)
		pg_loop_until_true(sim.base, idle, NULL, PATIENCE_MS);
	fd = open(sim.clock_path, O_WRONLY | O_CREAT, 0644);
	cr_assert_geq(fd, 0);
	cr_assert_eq(pwrite(fd, text, (size_t)length, 0), length);
	close(fd);
	chmod(sim.clock_path, 0644);
	sim.now = seconds;
}

static int64_t instant(const char *day, int hour, int minute)
{
	day_t date = text_day(day, strlen(day));

	cr_assert_neq(date, DAY_NONE, "%s", day);
	return ((int64_t)date - day_of_unix(0)) * 86400 + hour * 3600 + minute * 60 - BEIJING_S;
}

/* Arrivals ------------------------------------------------------------------------------------- */

static struct simulated_arrival *add_arrival(enum simulated_place place)
{
	struct simulated_arrival *arrival;
	time_t local = (time_t)(sim.now + BEIJING_S);
	struct tm parts;

	MEM_GROW(sim.arrivals, sim.count, sim.cap);
	arrival = &sim.arrivals[sim.count++];
	*arrival = (struct simulated_arrival){ .place = place };
	gmtime_r(&local, &parts);
	strftime(arrival->at, sizeof(arrival->at), "%Y-%m-%d %H:%M", &parts);
	return arrival;
}

static void collect_mail(void)
{
	struct simulated_arrival *arrival = add_arrival(AT_MAIL);
	char *end;

	arrival->bytes = mem_text(smtpd_message(sim.smtpd, sim.mails, sim.room, sizeof(sim.room)));
	smtpd_recipient(sim.smtpd, sim.mails, sim.room, sizeof(sim.room));
	arrival->to = mem_text(*sim.room == '<' ? sim.room + 1 : sim.room);
	end = strchr(arrival->to, '>');
	if (end)
		*end = '\0';
	arrival->subject = mailbox_header(arrival->bytes, "Subject");
	arrival->text = mailbox_part(arrival->bytes, "text/plain", NULL);
	sim.mails++;
}

static void collect(void)
{
	while (sim.mails < smtpd_count(sim.smtpd))
		collect_mail();
	while (sim.hooks < sink_count(sim.sink)) {
		struct simulated_arrival *arrival = add_arrival(AT_HOOK);

		arrival->text = mem_text(
			sink_get(sim.sink, sim.hooks++, "body", sim.room, sizeof(sim.room)));
	}
	while (sim.texts < robotd_accepted(sim.robotd)) {
		struct simulated_arrival *arrival = add_arrival(AT_ROBOT);

		arrival->text = mem_text(robotd_text(sim.robotd, sim.texts++));
	}
}

/* What is due at this instant has left, and its outcome is on record. */
static bool settled(void *arg)
{
	(void)arg;
	return outbox_stats(sim.outbox).in_flight == 0 &&
	       outbox_stats(sim.outbox).unrecorded == 0 && !outbox_stats(sim.outbox).busy &&
	       pg_int(sim.db, "SELECT count(*) FROM message WHERE state = 'sending' OR (state IN "
			      "('queued', "
			      "'retry', 'unknown') AND next_try_at <= clock_timestamp())") == 0;
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
}

static void let_leave_until(bool (*quiet)(void *arg))
{
	struct timeval often = { 0, 5000 };
	struct event *tick = event_new(sim.base, -1, EV_PERSIST, on_tick, NULL);

	event_add(tick, &often);
	outbox_wake(sim.outbox);
	pg_loop_until_true(sim.base, quiet, NULL, PATIENCE_MS);
	event_free(tick);
	collect();
}

static void let_leave(void)
{
	let_leave_until(settled);
}

void simulated_goto(const char *day, int hour, int minute)
{
	int64_t goal = instant(day, hour, minute);

	cr_assert_geq(goal, sim.now, "back to %s", day);
	for (;;) {
		int64_t due =
			pg_int(sim.db, "SELECT coalesce(ceil(extract(epoch FROM "
				       "min(next_try_at)))::bigint, 0) FROM "
				       "message WHERE state IN ('queued', 'retry', 'unknown')");

		if (due == 0 || due > goal)
			break;
		set_clock(due > sim.now ? due : sim.now);
		let_leave();
	}
	set_clock(goal);
}

/* Milliseconds until something may leave, as the outbox itself asks; -1 = nothing waits. */
static int64_t next_ms(void)
{
	_cleanup_free_ char *sql = mem_format("SELECT coalesce((%s), -1)", sql_text_outbox_next);

	return pg_int(sim.db, sql);
}

/* With a receiver away, what is due may not leave before the next probe. */
static bool settled_till_next(void *arg)
{
	(void)arg;
	return outbox_stats(sim.outbox).in_flight == 0 &&
	       outbox_stats(sim.outbox).unrecorded == 0 && !outbox_stats(sim.outbox).busy &&
	       pg_int(sim.db, "SELECT count(*) FROM message WHERE state = 'sending'") == 0 &&
	       next_ms() != 0;
}

void simulated_wait(const char *day, int hour, int minute)
{
	int64_t goal = instant(day, hour, minute);

	for (;;) {
		int64_t wait = next_ms();
		int64_t due = sim.now + (wait + 999) / 1000;

		if (wait < 0 || due > goal)
			break;
		set_clock(due);
		let_leave_until(settled_till_next);
	}
	set_clock(goal);
}

void simulated_leap(const char *day, int hour, int minute)
{
	set_clock(instant(day, hour, minute));
	let_leave_until(settled_till_next);
}

void simulated_away(bool away)
{
	sink_answer(sim.sink, (struct sink_answer){ away ? 503 : 200, NULL, 0 });
	robotd_away(sim.robotd, away);
}

struct robotd *simulated_robot(void)
{
	return sim.robotd;
}

int64_t simulated_evaluate(const char *as_of)
{
	int64_t queued = evaluate(sim.base, sim.link, as_of).messages_queued;

	let_leave();
	return queued;
}

static void on_looked(void *arg, const struct sql_outcome *outcome)
{
	cr_assert_eq(outcome->err.code, ERR_NONE, "%s", outcome->err.text);
	*(bool *)arg = true;
}

void simulated_look(void)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	bool looked = false;

	sql_param_text(&params, "test");
	cr_assert(sql_submit(sim.link,
			  &(struct sql_call){ .text = sql_text_watch_quiet,
				  .params = &params,
				  .done = on_looked,
				  .arg = &looked },
			  &err),
		"%s", err.text);
	pg_loop_until(sim.base, &looked, PATIENCE_MS);
	let_leave();
}

size_t simulated_count(void)
{
	return sim.count;
}

const struct simulated_arrival *simulated_arrival(size_t index)
{
	return &sim.arrivals[index];
}

const struct simulated_arrival *simulated_next(
	size_t *index, enum simulated_place place, const char *to)
{
	while (*index < sim.count) {
		const struct simulated_arrival *arrival = &sim.arrivals[(*index)++];

		if (arrival->place == place && (!to || strcmp(arrival->to, to) == 0))
			return arrival;
	}
	return NULL;
}

/* Start and end --------------------------------------------------------------------------------- */

static void on_migrated(void *arg, const struct err *err, int version, int applied)
{
	(void)version, (void)applied;
	cr_assert_eq(err->code, ERR_NONE, "%s", err->text);
	*(bool *)arg = true;
}

static void start_database(void)
{
	bool migrated = false;

	setenv("SETASIDE_PG_CLOCK", sim.clock_path, 1);
	sim.server = pg_server_new();
	sim.db = pg_server_db(sim.server);
	sim.link = sql_run_link(sim.base, pg_server_dsn(sim.server));
	sim.outbox_link = sql_run_link(sim.base, pg_server_dsn(sim.server));
	sql_run_until_ready(sim.base, sim.link);
	sql_run_until_ready(sim.base, sim.outbox_link);
	sql_migrate(sim.link, false, on_migrated, &migrated);
	pg_loop_until(sim.base, &migrated, PATIENCE_MS);
	cr_assert_eq(pg_int(sim.db, "SELECT extract(epoch FROM clock_timestamp())::bigint"),
		sim.now, "the database does not go by the test's clock");
}

static void start_receivers(void)
{
	struct smtpd_script mail = { 0 };
	struct sink_answer fine = { 200, NULL, 0 };
	struct robotd_rules wecom = { .vendor = ROBOTD_WECOM };

	sim.smtpd = smtpd_start(&mail);
	sim.sink = sink_start(&fine, 1);
	sim.robotd = robotd_start(sim.base, &wecom);
}

static void start_outbox(const char *recipients, const char *routes)
{
	struct alert_env env = { .base = sim.base };
	struct err err = ERR_INIT;
	_cleanup_free_ char *hook = mem_format("http://127.0.0.1:%d/hook", sink_port(sim.sink));

	sim.conf = alerting_conf(
		"channel \"office\" { kind = mail server = \"smtp://127.0.0.1:%d\" tls = none from "
		"= "
		"\"监测 <monitor@xc.example>\" to = { %s } }\n"
		"channel \"hook\" { kind = webhook url-file = \"%s\" secret-file = \"%s\" tls = "
		"none "
		"allow = { \"127.0.0.1\" } }\n"
		"channel \"group\" { kind = wecom url-file = \"%s\" tls = none allow = { "
		"\"127.0.0.1\" } }\n%s",
		smtpd_port(sim.smtpd), recipients, alerting_file(hook),
		alerting_file("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
		alerting_file(robotd_url(sim.robotd)), routes);
	sim.fetch = env.fetch = fetch_new(sim.base, &err);
	cr_assert_not_null(sim.fetch, "%s", err.text);
	sim.outbox = outbox_new(&env, sim.outbox_link, sim.conf, &err);
	cr_assert_not_null(sim.outbox, "%s", err.text);
	outbox_start(sim.outbox);
	let_leave();
}

static bool registered(void *arg)
{
	(void)arg;
	return pg_int(sim.db, "SELECT count(*) FROM route") > 0;
}

void simulated_start(const char *day, const char *recipients, const char *routes)
{
	snprintf(sim.clock_path, sizeof(sim.clock_path), "/tmp/ss-clock.%d", (int)getpid());
	set_clock(instant(day, 0, 0));
	fetch_global_init();
	sim.base = pg_loop_new();
	start_database();
	start_receivers();
	start_outbox(recipients, routes);
	pg_loop_until_true(sim.base, registered, NULL, PATIENCE_MS);
}

static void on_drained(void *arg)
{
	*(bool *)arg = true;
}

void simulated_stop(void)
{
	bool drained = false;

	outbox_stop(sim.outbox, 1000, on_drained, &drained);
	pg_loop_until(sim.base, &drained, PATIENCE_MS);
	outbox_free(sim.outbox);
	fetch_free(sim.fetch);
	conf_free(sim.conf);
	robotd_stop(sim.robotd);
	sink_stop(sim.sink);
	smtpd_stop(sim.smtpd);
	sql_link_free(sim.link);
	sql_link_free(sim.outbox_link);
	pg_loop_free(sim.base);
	pg_server_free(sim.server);
	for (size_t i = 0; i < sim.count; i++) {
		free(sim.arrivals[i].to);
		free(sim.arrivals[i].subject);
		free(sim.arrivals[i].text);
		free(sim.arrivals[i].bytes);
	}
	free(sim.arrivals);
	fetch_global_free();
	alerting_files_remove();
	unlink(sim.clock_path);
	unsetenv("SETASIDE_PG_CLOCK");
	memset(&sim, 0, sizeof(sim));
}
