#include "daemon/selfwatch.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <stdlib.h>

#include "core/fetch.h"
#include "core/mem.h"
#include "daemon/config.h"
#include "daemon/schedule.h"
#include "lib/alerting.h"
#include "lib/pg.h"
#include "lib/sink.h"
#include "lib/sql_run.h"

/* Two channels that nobody serves: "hook" hears everything, "office" too, so each can be told of the other. */
static struct event_base *base;
static struct pg_db *db;
static struct sql_link *link_;
static struct schedule *schedule;
static struct fetch *fetch;
static struct config *config;
static struct selfwatch *watch;
static int lag;

static int take_lag(void *arg)
{
	int taken = lag;

	(void)arg;
	lag = 0;
	return taken;
}

static struct config *read_config(const char *watch_block, const char *route_keys)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	_cleanup_free_ char *text =
		mem_format("database { dsn = \"%s\" }\nstate = \"/tmp\"\njurisdiction = "
			   "\"beijing-xicheng\"\nwatch { every = 1s %s }\n"
			   "channel \"office\" { kind = mail server = "
			   "\"smtp://127.0.0.1:9\" tls = none from = "
			   "\"m@x.example\" to = { \"a@x.example\" } }\n"
			   "route \"all\" { rules = { \"*\" } units = { \"*\" } "
			   "channels = { \"office\" } %s }\n",
			pg_db_dsn(db), watch_block, route_keys);
	struct config *read = config_load(alerting_file(text), &errors);

	cr_assert_not_null(read, "%s", errors.total ? errors.line[0] : "");
	conf_errors_free(&errors);
	return read;
}

static void start(const char *watch_block, const char *route_keys)
{
	struct err err = ERR_INIT;

	config = read_config(watch_block, route_keys);
	fetch = fetch_new(base, &err);
	schedule = schedule_new(base);
	watch = selfwatch_new(
		schedule, fetch, link_, config, &(struct selfwatch_hooks){ take_lag, NULL });
}

static void set_up(void)
{
	fetch_global_init();
	base = pg_loop_new();
	db = pg_db_new();
	link_ = sql_run_link(base, pg_db_dsn(db));
	sql_run_until_ready(base, link_);
	pg_exec(db,
		"INSERT INTO channel (name, kind) VALUES ('hook', 'webhook'), ('office', 'mail');"
		"INSERT INTO channel_recipient VALUES ('hook', ''), ('office', 'a@x.example');"
		"INSERT INTO route (name, channel, rules, units) VALUES ('all', 'hook', '{*}', "
		"'{*}'), ('all', 'office', '{M-1}', '{*}')");
}

static void tear_down(void)
{
	selfwatch_free(watch);
	schedule_free(schedule);
	fetch_free(fetch);
	config_unref(config);
	sql_link_free(link_);
	pg_db_free(db);
	pg_loop_free(base);
	fetch_global_free();
	alerting_files_remove();
}

TestSuite(selfwatch, .init = set_up, .fini = tear_down, .timeout = 120);

static bool messages_are(void *arg)
{
	return pg_int(db, "SELECT count(*) FROM message") == *(int *)arg;
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
}

static void until_messages(int count)
{
	struct timeval often = { 0, 50000 };
	struct event *tick = event_new(base, -1, EV_PERSIST, on_tick, NULL);

	event_add(tick, &often);
	pg_loop_until_true(base, messages_are, &count, 15000);
	event_free(tick);
}

/* "channel event fault subject value" of every message, in order. */
static const char *told(void)
{
	return pg_text(db, "SELECT string_agg(concat_ws(' ', channel, event, payload #>> "
			   "'{monitor,fault}', payload #>> '{monitor,subject}', payload #>> "
			   "'{monitor,value}'), ';' ORDER BY message_id) FROM message");
}

/* As if ten minutes had passed without it. */
static void until_over(int messages)
{
	pg_exec(db, "UPDATE monitor_fault SET seen_at = now() - interval '11 minutes'");
	until_messages(messages);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM monitor_fault"), 0);
}

Test(selfwatch, a_failing_channel_is_told_through_the_other_one_and_once)
{
	pg_exec(db, "UPDATE channel SET broken_since = now() - interval '10 minutes', failures = 7 "
		    "WHERE name = 'hook'");
	start("disk-free = 0", "");
	until_messages(1);
	cr_expect_str_eq(told(), "office opened channel hook 7");
	pg_loop_for(base, 2500);
	cr_expect_str_eq(told(), "office opened channel hook 7", "a second look tells nothing");
	pg_exec(db, "UPDATE channel SET broken_since = NULL");
	until_over(2);
	cr_expect_str_eq(told(), "office opened channel hook 7;office closed channel hook 0");
}

Test(selfwatch, a_channel_that_was_asked_away_is_told_and_one_that_left_the_configuration_is_not)
{
	pg_exec(db, "UPDATE channel SET enabled = false, disabled_reason = 'HTTP 410 gone' WHERE "
		    "name = "
		    "'office'; INSERT INTO channel (name, kind, enabled, disabled_reason) VALUES "
		    "('old', 'webhook', false, 'not in the configuration')");
	start("disk-free = 0", "");
	until_messages(1);
	cr_expect_str_eq(told(), "hook opened channel office 0");
	cr_expect_str_eq(
		pg_text(db, "SELECT payload #>> '{monitor,detail}' FROM message"), "HTTP 410 gone");
}

Test(selfwatch, messages_that_nobody_could_be_told_wait_for_a_person_who_is_told)
{
	pg_exec(db,
		"INSERT INTO message (ref, case_key, event, rule_id, severity, channel, payload, "
		"state, last_answer) SELECT 'A-20260101-' || i, 'arrears/' || i, 'opened', 'P-4', "
		"'notice', 'hook', '{}', 'rejected', '550 no such user' FROM generate_series(1, 3) "
		"AS i");
	start("disk-free = 0", "");
	until_messages(4);
	cr_expect_str_eq(
		pg_text(db, "SELECT concat_ws(' ', channel, payload #>> '{monitor,fault}', "
			    "payload #>> '{monitor,value}', payload #>> '{monitor,detail}') FROM "
			    "message WHERE rule_id = 'M-1'"),
		"office undelivered 3 550 no such user");
}

Test(selfwatch, what_an_endpoint_does_not_take_is_told_the_third_time)
{
	pg_exec(db,
		"INSERT INTO message (ref, case_key, event, rule_id, severity, channel, payload, "
		"state, last_class, last_answer, attempts, next_try_at) SELECT 'A-20260101-' || i, "
		"'arrears/' || i, 'opened', 'P-4', 'notice', 'hook', '{}', 'retry', 'retry-later', "
		"'HTTP 400 no such field', i, now() + interval '5 hours' FROM generate_series(1, "
		"3) "
		"AS i");
	start("disk-free = 0", "");
	until_messages(4);
	cr_expect_str_eq(
		pg_text(db, "SELECT concat_ws(' ', channel, payload #>> '{monitor,fault}', "
			    "payload #>> '{monitor,value}', payload #>> '{monitor,detail}') FROM "
			    "message WHERE rule_id = 'M-1'"),
		"office refused 1 HTTP 400 no such field");
	/* An open circuit is a fault of the channel; of its messages nothing more is said. */
	pg_exec(db, "UPDATE channel SET broken_since = now() WHERE name = 'hook'");
	until_over(5);
	cr_expect_str_eq(pg_text(db, "SELECT event FROM message ORDER BY message_id DESC LIMIT 1"),
		"closed");
}

Test(selfwatch, who_hears_of_the_monitor_only_later_is_told_what_still_stands)
{
	pg_exec(db, "DELETE FROM route");
	lag = 6000;
	start("disk-free = 8000000GiB", "");
	pg_loop_for(base, 2500);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM monitor_fault WHERE fault = 'disk'"), 1);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message"), 0, "nobody hears it");
	pg_exec(db, "INSERT INTO route (name, channel, rules, units) VALUES ('itself', 'office', "
		    "'{M-1}', '{*}')");
	until_messages(1);
	pg_loop_for(base, 2500);
	cr_expect_str_eq(pg_text(db, "SELECT string_agg(channel || ' ' || (payload #>> "
				     "'{monitor,fault}'), ';') FROM message"),
		"office disk", "the late loop is past");
	pg_exec(db, "INSERT INTO route (name, channel, rules, units) VALUES ('all', 'hook', '{*}', "
		    "'{*}')");
	until_messages(2);
	pg_loop_for(base, 2500);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message"), 2, "each of them once");
}

Test(selfwatch, a_clock_that_receivers_contradict_is_told)
{
	pg_exec(db, "UPDATE channel SET clock_ahead_s = -75 WHERE name = 'hook'");
	start("disk-free = 0", "");
	until_messages(2);
	cr_expect_str_eq(told(), "hook opened clock hook 75;office opened clock hook 75");
	pg_exec(db, "UPDATE channel SET clock_ahead_s = 59");
	until_over(4);
}

Test(selfwatch, a_late_loop_is_told)
{
	lag = 6000;
	start("disk-free = 0", "");
	until_messages(2);
	cr_expect_str_eq(told(), "hook opened loop  6000;office opened loop  6000");
	until_over(4);
}

Test(selfwatch, a_full_disk_is_told_until_there_is_room)
{
	struct config *roomy = read_config("disk-free = 1KiB", "");

	start("disk-free = 8000000GiB", "");
	until_messages(2);
	cr_expect_eq(
		pg_int(db, "SELECT count(*) FROM message WHERE payload #>> '{monitor,subject}' = "
			   "'/tmp' AND payload #>> '{monitor,fault}' = 'disk'"),
		2);
	selfwatch_reload(watch, roomy);
	config_unref(config);
	config = roomy;
	until_over(4);
}

static bool sink_heard(void *arg)
{
	return sink_count(arg) >= 3;
}

Test(selfwatch, the_dead_man_is_asked_as_long_as_the_schedule_moves)
{
	struct sink_answer answers[] = { { 200, NULL, 0 }, { 500, NULL, 0 }, { 200, NULL, 0 } };
	struct sink *sink = sink_start(answers, 3);
	_cleanup_free_ char *url = mem_format("http://127.0.0.1:%d/ping/secret", sink_port(sink));
	_cleanup_free_ char *block = mem_format("ping-file = \"%s\" ping = 1s tls = none allow = { "
						"\"127.0.0.1\" } disk-free = 0",
		alerting_file(url));
	struct timeval often = { 0, 50000 };
	struct event *tick = event_new(base, -1, EV_PERSIST, on_tick, NULL);
	int heard;

	start(block, "");
	event_add(tick, &often);
	pg_loop_until_true(base, sink_heard, sink, 15000);
	/* The database is away: nothing starts, and the other side raises the alarm. */
	schedule_pause(schedule);
	pg_loop_for(base, 300);
	heard = sink_count(sink);
	pg_loop_for(base, 2500);
	cr_expect_eq(sink_count(sink), heard);
	event_free(tick);
	selfwatch_free(watch);
	watch = NULL;
	sink_stop(sink);
}

/* Waits for so many calls. */
static void until_asked(struct sink *sink, int count)
{
	for (int i = 0; i < 150 && sink_count(sink) < count; i++)
		pg_loop_for(base, 100);
	cr_assert_geq(sink_count(sink), count, "the dead-man's address is not asked");
}

static void expect_silent(struct sink *sink, const char *why)
{
	int heard;

	pg_loop_for(base, 1500);
	heard = sink_count(sink);
	pg_loop_for(base, 2500);
	cr_expect_eq(sink_count(sink), heard, "%s", why);
}

static void goes_on(struct sink *sink)
{
	until_asked(sink, sink_count(sink) + 2);
}

Test(selfwatch, the_dead_man_is_left_alone_while_a_fault_stands_that_nobody_was_told_of)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct sink *sink = sink_start(answers, 1);
	_cleanup_free_ char *url = mem_format("http://127.0.0.1:%d/ping", sink_port(sink));
	_cleanup_free_ char *block = mem_format("ping-file = \"%s\" ping = 1s tls = none allow = { "
						"\"127.0.0.1\" } disk-free = 8000000GiB",
		alerting_file(url));
	struct sql_link *other = sql_run_link(base, pg_db_dsn(db));

	sql_run_until_ready(base, other);
	start(block, "");
	until_messages(2);
	goes_on(sink); /* a message takes its time */
	pg_exec(db, "UPDATE monitor_fault SET opened_at = now() - interval '3 minutes'");
	expect_silent(sink, "nobody was told");
	pg_exec(db, "UPDATE message SET state = 'retry', next_try_at = now() + interval '1 hour'");
	expect_silent(sink, "nobody could be told");
	pg_exec(db, "UPDATE message SET state = 'acknowledged' WHERE channel = 'office'");
	goes_on(sink);
	pg_exec(db, "UPDATE message SET state = 'queued'");
	goes_on(sink); /* it waits for the end of quiet hours */
	sql_run(base, other, "SELECT sender_lock()");
	expect_silent(sink, "another session sends");
	sql_link_free(other);
	goes_on(sink);
	selfwatch_free(watch);
	watch = NULL;
	sink_stop(sink);
}

Test(selfwatch, refuses_configurations_that_could_not_work)
{
	cr_expect_not_null(strstr(
		alerting_complaint(
			"channel \"h\" { kind = alertmanager servers = { \"http://a:1\" } tls = "
			"none }\nroute \"r\" { rules = { \"*\" } units = { \"*\" } channels = { "
			"\"h\" } all-quiet = yes }\n"),
		"all-quiet belongs to a digest"));
}
