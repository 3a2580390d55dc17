#include "alerts/outbox.h"

#include <criterion/criterion.h>
#include <event2/event.h>

#include "core/fetch.h"
#include "core/mem.h"
#include "lib/alerting.h"
#include "lib/payloads.h"
#include "lib/pg.h"
#include "lib/sink.h"
#include "lib/smtpd.h"
#include "lib/sql_run.h"
#include "sql/migrate.h"

/* One program's share of the world: its loop, link and pump. Two of them are two monitors. */
struct pump {
	struct sql_link *link;
	struct fetch *fetch;
	struct outbox *outbox;
	bool drained;
};

static struct event_base *base;
static struct pg_db *db;
static struct sink *sink;
static struct conf *conf;
static char room[30000];

static void begin_on(
	struct pg_db *database, const struct sink_answer *answers, int count, const char *more)
{
	fetch_global_init();
	db = database;
	sink = sink_start(answers, count);
	snprintf(room, sizeof(room), "http://127.0.0.1:%d/hook?key=secret", sink_port(sink));
	conf = alerting_conf(
		"channel \"hook\" { kind = webhook url-file = \"%s\" secret-file = \"%s\" tls = "
		"none "
		"allow = { \"127.0.0.1\" } %s %s %s }\n"
		"route \"all\" { rules = { \"*\" } units = { \"*\" } channels = { \"hook\" } }\n",
		alerting_file(room),
		alerting_file("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
		strstr(more, "timeout") ? "" : "timeout = 1s",
		strstr(more, "retry-first") ? "" : "retry-first = 100ms retry-cap = 1s", more);
}

static void begin(const struct sink_answer *answers, int count, const char *more)
{
	base = pg_loop_new();
	begin_on(pg_db_new(), answers, count, more);
}

static void end_but_database(void)
{
	conf_free(conf);
	sink_stop(sink);
	pg_loop_free(base);
	fetch_global_free();
	alerting_files_remove();
}

static void end(void)
{
	end_but_database();
	pg_db_free(db);
}

static void pump_open(struct pump *pump)
{
	struct alert_env env = { .base = base };
	struct err err = ERR_INIT;

	*pump = (struct pump){ .link = sql_run_link(base, pg_db_dsn(db)) };
	sql_run_until_ready(base, pump->link);
	pump->fetch = fetch_new(base, &err);
	env.fetch = pump->fetch;
	pump->outbox = outbox_new(&env, pump->link, conf, &err);
	cr_assert_not_null(pump->outbox, "%s", err.text);
	outbox_start(pump->outbox);
}

static void on_drained(void *arg)
{
	*(bool *)arg = true;
}

static void pump_stop(struct pump *pump, int grace_ms)
{
	outbox_stop(pump->outbox, grace_ms, on_drained, &pump->drained);
	cr_assert_not(pump->drained, "drained inside stop");
	pg_loop_until(base, &pump->drained, 15000);
	outbox_free(pump->outbox);
	fetch_free(pump->fetch);
	sql_link_free(pump->link);
}

/* The program dies: nothing more is recorded. */
static void pump_kill(struct pump *pump)
{
	sql_link_free(pump->link);
	outbox_free(pump->outbox);
	fetch_free(pump->fetch);
}

static void queue(const char *ref, const char *kase)
{
	char *sql = mem_format(
		"INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, "
		"payload) "
		"VALUES ('%s', '%s', 'opened', 'Q-2', 'notice', '026', 'hook', $json$%s$json$)",
		ref, kase, payload_quota);

	pg_exec(db, sql);
	free(sql);
}

static const char *state_of(const char *ref)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "SELECT state FROM message WHERE ref = '%s'", ref);
	return pg_text(db, sql);
}

struct wanted {
	const char *sql;
	int64_t value;
};

static bool equals(void *arg)
{
	const struct wanted *wanted = arg;

	return pg_int(db, wanted->sql) == wanted->value;
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

static void until(const char *sql, int64_t value)
{
	struct wanted wanted = { sql, value };
	struct timeval often = { 0, 20000 };
	struct event *tick = event_new(base, -1, EV_PERSIST, on_tick, NULL);

	/* The condition lies in the database: nothing else would turn the loop to look at it. */
	event_add(tick, &often);
	pg_loop_until_true(base, equals, &wanted, 20000);
	event_free(tick);
}

static const char acknowledged[] = "SELECT count(*) FROM message WHERE state = 'acknowledged'";

static void expect_gapless(void)
{
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM delivery"),
		pg_int(db, "SELECT coalesce(max(delivery_no), 0) FROM delivery"));
	cr_expect_eq(pg_int(db, "SELECT coalesce(min(delivery_no), 1) FROM delivery"), 1);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM (SELECT message_id FROM delivery WHERE class "
				"= 'acknowledged' "
				"GROUP BY 1 HAVING count(*) > 1) x"),
		0, "acknowledged twice");
}

Test(outbox, registers_channels_recipients_and_routes)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	begin(answers, 1, "");
	pg_exec(db, "INSERT INTO channel (name, kind) VALUES ('old', 'mail')");
	pump_open(&pump);
	until("SELECT count(*) FROM route", 1);
	cr_expect_str_eq(pg_text(db, "SELECT kind || enabled FROM channel WHERE name = 'hook'"),
		"webhooktrue");
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM channel_recipient WHERE channel = 'hook' AND "
				"recipient = ''"),
		1);
	cr_expect_str_eq(pg_text(db, "SELECT disabled_reason FROM channel WHERE name = 'old'"),
		"not in the configuration");
	cr_expect_str_eq(
		pg_text(db, "SELECT rules[1] || units[1] || channel FROM route"), "**hook");
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, delivers_signed_and_records_it)
{
	struct sink_answer answers[] = { { 204, NULL, 0 } };
	struct pump pump;

	begin(answers, 1, "");
	queue("A-20261006-000001", "quota/2026/026");
	pump_open(&pump);
	until(acknowledged, 1);
	cr_expect_eq(sink_count(sink), 1);
	cr_expect_str_eq(sink_get(sink, 0, "webhook-id", room, sizeof(room)), "A-20261006-000001");
	cr_expect_eq(
		strncmp(sink_get(sink, 0, "webhook-signature", room, sizeof(room)), "v1,", 3), 0);
	cr_expect_str_eq(sink_get(sink, 0, "setaside-maybe-repeated", room, sizeof(room)), "");
	sink_get(sink, 0, "body", room, sizeof(room));
	cr_expect_eq(strncmp(room,
			     "{\"type\":\"sme.quota.gap\",\"timestamp\":\"2026-10-06T01:00:00Z\","
			     "\"data\":{",
			     67),
		0);
	cr_expect_not_null(strstr(room, "\"ref\":\"A-20261006-000001\""));
	cr_expect_str_eq(
		pg_text(db, "SELECT class || ' ' || answer || ' ' || attempt FROM delivery"),
		"acknowledged HTTP 204 1");
	cr_expect_gt(pg_int(db, "SELECT bytes FROM delivery"), 500);
	cr_expect(pg_int(db, "SELECT (finished_at - started_at < interval '5 s' AND finished_at >= "
			     "started_at)::int FROM delivery"));
	expect_gapless();
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, retries_after_500_and_counts_every_try)
{
	struct sink_answer answers[] = { { 500, NULL, 0 }, { 500, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;

	begin(answers, 3, "");
	queue("A-20261006-000001", "c");
	pump_open(&pump);
	until(acknowledged, 1);
	cr_expect_eq(sink_count(sink), 3);
	cr_expect_eq(sink_count_id(sink, "A-20261006-000001"), 3);
	cr_expect_str_eq(
		pg_text(db, "SELECT string_agg(class, ' ' ORDER BY delivery_no) FROM delivery"),
		"retry-later retry-later acknowledged");
	cr_expect_eq(pg_int(db, "SELECT failures FROM channel"), 0);
	expect_gapless();
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, sends_again_with_the_same_id_and_body_and_a_mark_when_no_answer_came)
{
	struct sink_answer answers[] = { { SINK_HANG, NULL, 0 }, { SINK_DROP, NULL, 0 },
		{ 200, NULL, 0 } };
	static char first[30000];
	struct pump pump;

	begin(answers, 3, "");
	queue("A-20261006-000001", "c");
	pump_open(&pump);
	until(acknowledged, 1);
	cr_expect_eq(sink_count_id(sink, "A-20261006-000001"), 3);
	sink_get(sink, 0, "body", first, sizeof(first));
	cr_expect_str_eq(sink_get(sink, 2, "body", room, sizeof(room)), first);
	cr_expect_str_eq(sink_get(sink, 0, "setaside-maybe-repeated", room, sizeof(room)), "");
	cr_expect_str_eq(sink_get(sink, 1, "setaside-maybe-repeated", room, sizeof(room)), "1");
	cr_expect_str_eq(
		pg_text(db, "SELECT string_agg(class, ' ' ORDER BY delivery_no) FROM delivery"),
		"unknown unknown acknowledged");
	expect_gapless();
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, disables_an_endpoint_that_is_gone_until_its_configuration_changes)
{
	struct sink_answer answers[] = { { 410, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;

	begin(answers, 2, "in-flight = 1");
	queue("A-20261006-000001", "a");
	queue("A-20261006-000002", "b");
	pump_open(&pump);
	until("SELECT count(*) FROM channel WHERE NOT enabled AND disabled_reason LIKE 'HTTP 410%'",
		1);
	cr_expect_str_eq(state_of("A-20261006-000001"), "rejected");
	pg_loop_for(base, 300);
	cr_expect_str_eq(state_of("A-20261006-000002"), "queued");
	cr_expect_eq(sink_count(sink), 1);
	pump_stop(&pump, 1000);
	pump_open(&pump);
	pg_loop_for(base, 300);
	cr_expect_eq(sink_count(sink), 1, "a restart alone woke a dead endpoint");
	pump_stop(&pump, 1000);
	pg_exec(db, "UPDATE channel SET print = 'another address'");
	pump_open(&pump);
	until(acknowledged, 1);
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, waits_as_long_as_the_endpoint_asks)
{
	struct sink_answer answers[] = { { 429, "Retry-After: 2\r\n", 0 }, { 200, NULL, 0 } };
	struct pump pump;

	begin(answers, 2, "in-flight = 1");
	queue("A-20261006-000001", "a");
	queue("A-20261006-000002", "b");
	pump_open(&pump);
	until("SELECT count(*) FROM delivery", 1);
	cr_expect_geq(pg_int(db, "SELECT (extract(epoch FROM probe_at - now()) * 1000)::bigint "
				 "FROM channel"),
		1000);
	until(acknowledged, 2);
	cr_expect(pg_int(db, "SELECT (max(started_at) - min(finished_at) >= interval '1.9 s')::int "
			     "FROM delivery "
			     "WHERE delivery_no <= 2"));
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, follows_no_redirect)
{
	struct sink_answer answers[] = { { 302, "Location: http://127.0.0.1:1/\r\n", 0 },
		{ 200, NULL, 0 } };
	struct pump pump;

	begin(answers, 2, "");
	queue("A-20261006-000001", "a");
	pump_open(&pump);
	until(acknowledged, 1);
	cr_expect_str_eq(pg_text(db, "SELECT left(answer, 8) FROM delivery WHERE delivery_no = 1"),
		"HTTP 302");
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, keeps_the_order_of_a_case_and_lets_other_cases_pass)
{
	struct sink_answer answers[] = { { SINK_DROP, NULL, 0 }, { SINK_DROP, NULL, 0 },
		{ 200, NULL, 0 } };
	static const char *const order[] = { "A-20261006-000001", "A-20261006-000002",
		"A-20261006-000003" };
	struct pump pump;
	int at = 0;

	begin(answers, 3, "in-flight = 4");
	for (int i = 0; i < 3; i++)
		queue(order[i], "arrears/1");
	/* What may have arrived is never merged with what follows it. */
	pg_exec(db,
		"UPDATE message SET state = 'unknown', maybe_sent = true, attempts = 1 WHERE ref = "
		"'A-20261006-000001'");
	queue("A-20261006-000009", "arrears/2");
	pump_open(&pump);
	until(acknowledged, 4);
	for (int i = 0; i < sink_count(sink); i++) {
		sink_get(sink, i, "webhook-id", room, sizeof(room));
		if (strcmp(room, "A-20261006-000009") == 0)
			continue;
		if (at < 2 && strcmp(room, order[at]) != 0)
			at++;
		cr_expect_str_eq(room, order[at]);
	}
	cr_expect_eq(at, 2);
	expect_gapless();
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, never_sends_one_message_twice_from_two_pumps)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump one;
	struct pump two;

	begin(answers, 1, "in-flight = 8");
	for (int i = 0; i < 120; i++) {
		char ref[32];
		char kase[32];

		snprintf(ref, sizeof(ref), "A-20261006-%06d", i + 1);
		snprintf(kase, sizeof(kase), "case/%d", i);
		queue(ref, kase);
	}
	pump_open(&one);
	pump_open(&two);
	until(acknowledged, 120);
	cr_expect_eq(sink_count(sink), 120);
	cr_expect_gt(outbox_stats(one.outbox).acknowledged, 0);
	cr_expect_gt(outbox_stats(two.outbox).acknowledged, 0);
	expect_gapless();
	pump_stop(&one, 1000);
	pump_stop(&two, 1000);
	end();
}

Test(outbox,
	takes_a_crash_between_answer_and_commit_as_unknown_and_sends_once_more_with_the_same_id)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	begin(answers, 1, "");
	pg_exec(db, "INSERT INTO channel (name, kind) VALUES ('hook', 'webhook')");
	/* What a killed pump leaves: leased, answered by the sink, not recorded. */
	queue("A-20261006-000001", "a");
	pg_exec(db, "UPDATE message SET state = 'sending', attempts = 1, lease_epoch = 1, "
		    "first_try_at = now(), "
		    "next_try_at = now(), lease_until = now() + interval '1.5 s'");
	pump_open(&pump);
	pg_loop_for(base, 700);
	cr_expect_eq(sink_count(sink), 0, "the lease was not over yet");
	until(acknowledged, 1);
	cr_expect_eq(sink_count(sink), 1);
	cr_expect_str_eq(sink_get(sink, 0, "setaside-maybe-repeated", room, sizeof(room)), "1");
	cr_expect_str_eq(pg_text(db, "SELECT string_agg(class || attempt, ' ' ORDER BY "
				     "delivery_no) FROM delivery"),
		"unknown1 acknowledged2");
	expect_gapless();
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, does_not_repeat_what_is_acknowledged_after_it_was_killed)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	begin(answers, 1, "");
	queue("A-20261006-000001", "a");
	pump_open(&pump);
	until(acknowledged, 1);
	pump_kill(&pump);
	pump_open(&pump);
	pg_loop_for(base, 500);
	cr_expect_eq(sink_count(sink), 1);
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, keeps_its_schedule_over_a_restart)
{
	struct sink_answer answers[] = { { 500, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;
	char due[64];

	begin(answers, 2, "retry-first = 3s retry-cap = 5s");
	queue("A-20261006-000001", "a");
	pump_open(&pump);
	until("SELECT count(*) FROM message WHERE state = 'retry'", 1);
	snprintf(due, sizeof(due), "%s", pg_text(db, "SELECT next_try_at FROM message"));
	pump_stop(&pump, 1000);
	pump_open(&pump);
	pg_loop_for(base, 500);
	cr_expect_str_eq(pg_text(db, "SELECT next_try_at FROM message"), due);
	cr_expect_eq(sink_count(sink), 1);
	until(acknowledged, 1);
	cr_expect(pg_int(db, "SELECT (max(started_at) - min(finished_at) >= interval '2.5 s')::int "
			     "FROM delivery"));
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, gives_up_after_its_patience_and_leaves_the_message_to_a_person)
{
	struct sink_answer answers[] = { { 500, NULL, 0 } };
	struct pump pump;

	begin(answers, 1, "give-up = 1min");
	queue("A-20261006-000001", "a");
	pg_exec(db, "UPDATE message SET attempts = 3, first_try_at = now() - interval '2 minutes', "
		    "state = 'retry'");
	pump_open(&pump);
	until("SELECT count(*) FROM message WHERE state = 'failed'", 1);
	pg_loop_for(base, 300);
	cr_expect_eq(sink_count(sink), 1);
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, opens_the_circuit_after_five_faults_probes_alone_and_frees_all_on_return)
{
	struct sink_answer answers[] = { { 500, NULL, 0 }, { 500, NULL, 0 }, { 500, NULL, 0 },
		{ 500, NULL, 0 }, { 500, NULL, 0 }, { 500, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;

	begin(answers, 7, "in-flight = 1 retry-first = 300ms retry-cap = 60min");
	for (int i = 0; i < 7; i++) {
		char ref[32];

		snprintf(ref, sizeof(ref), "A-20261006-%06d", i + 1);
		queue(ref, ref);
	}
	pump_open(&pump);
	until("SELECT count(*) FROM channel WHERE broken_since IS NOT NULL AND failures = 5", 1);
	cr_expect_eq(sink_count(sink), 5);
	/* Waits far in the future must not outlive the return of the endpoint. */
	pg_exec(db,
		"UPDATE message SET next_try_at = now() + interval '1 hour' WHERE state = 'retry'");
	until(acknowledged, 7);
	cr_expect_eq(
		pg_int(db,
			"SELECT count(*) FROM channel WHERE broken_since IS NULL AND failures = 0"),
		1);
	cr_expect_eq(sink_count(sink), 13);
	expect_gapless();
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, rejects_a_message_that_cannot_be_composed_and_goes_on)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	begin(answers, 1, "");
	queue("A-20261006-000001", "a");
	queue("A-20261006-000002", "b");
	pg_exec(db, "UPDATE message SET payload = '{\"type\": \"nonsense\"}' WHERE ref = "
		    "'A-20261006-000001'");
	pump_open(&pump);
	until(acknowledged, 1);
	cr_expect_str_eq(state_of("A-20261006-000001"), "rejected");
	cr_expect_not_null(
		strstr(pg_text(db, "SELECT last_answer FROM message WHERE state = 'rejected'"),
			"payload.type"));
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, stops_within_its_grace_and_says_unknown_of_what_ran)
{
	struct sink_answer answers[] = { { SINK_HANG, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;

	begin(answers, 2, "timeout = 20s");
	queue("A-20261006-000001", "a");
	pump_open(&pump);
	until("SELECT count(*) FROM message WHERE state = 'sending'", 1);
	pump_stop(&pump, 300);
	cr_expect_str_eq(state_of("A-20261006-000001"), "unknown");
	cr_expect(pg_int(db, "SELECT maybe_sent::int FROM message"));
	pump_open(&pump);
	until(acknowledged, 1);
	pump_stop(&pump, 1000);
	end();
}

Test(outbox, can_be_freed_while_statements_and_tries_run)
{
	struct sink_answer answers[] = { { SINK_HANG, NULL, 0 } };
	struct pump pump;

	begin(answers, 1, "");
	queue("A-20261006-000001", "a");
	pump_open(&pump);
	outbox_free(pump.outbox);
	pg_loop_for(base, 200);
	fetch_free(pump.fetch);
	sql_link_free(pump.link);
	pump_open(&pump);
	until("SELECT count(*) FROM message WHERE state = 'sending'", 1);
	outbox_free(pump.outbox);
	pg_loop_for(base, 200);
	fetch_free(pump.fetch);
	sql_link_free(pump.link);
	end();
}

Test(outbox, mails_each_recipient_by_itself)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct smtpd_script script = { .rcpt = { "550 5.1.1 no such user", "250 ok" } };
	struct smtpd *smtpd = smtpd_start(&script);
	struct pump pump;
	char *sql;

	begin(answers, 1, "");
	conf_free(conf);
	conf = alerting_conf(
		"channel \"office\" { kind = mail server = \"smtp://localhost:%d\" from = "
		"\"m@xc.example\" "
		"to = { \"a@xc.example\", \"b@xc.example\" } tls = none in-flight = 1 }\n",
		smtpd_port(smtpd));
	for (int i = 0; i < 2; i++) {
		sql = mem_format("INSERT INTO message (ref, case_key, event, rule_id, severity, "
				 "channel, recipient, payload) "
				 "VALUES ('A-20261006-00000%d', 'c', 'opened', 'Q-2', 'notice', "
				 "'office', '%s@xc.example', $json$%s$json$)",
			i + 1, i ? "b" : "a", payload_quota);
		pg_exec(db, sql);
		free(sql);
	}
	pump_open(&pump);
	until(acknowledged, 1);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM channel_recipient"), 2);
	cr_expect_str_eq(state_of("A-20261006-000001"), "rejected");
	cr_expect_str_eq(pg_text(db, "SELECT string_agg(recipient || ' ' || class, ', ' ORDER BY "
				     "delivery_no) FROM delivery"),
		"a@xc.example rejected-permanent, b@xc.example acknowledged");
	pump_stop(&pump, 1000);
	smtpd_stop(smtpd);
	end();
}

static void on_migrated(void *arg, const struct err *err, int version, int applied)
{
	(void)version;
	(void)applied;
	cr_assert_eq(err->code, ERR_NONE, "%s", err->text);
	*(bool *)arg = true;
}

static bool sink_heard(void *arg)
{
	(void)arg;
	return sink_count(sink) > 0;
}

Test(outbox, records_after_an_outage_what_was_answered_during_it_and_does_not_repeat_it)
{
	struct sink_answer answers[] = { { 200, NULL, 700 } };
	struct pg_server *server = pg_server_new();
	struct sql_link *link;
	bool migrated = false;
	struct timeval often = { 0, 20000 };
	struct event *tick;
	struct pump pump;

	base = pg_loop_new();
	link = sql_run_link(base, pg_server_dsn(server));
	sql_migrate(link, false, on_migrated, &migrated);
	pg_loop_until(base, &migrated, 20000);
	begin_on(pg_server_db(server), answers, 1, "timeout = 10s");
	queue("A-20261006-000001", "a");
	pump_open(&pump);
	tick = event_new(base, -1, EV_PERSIST, on_tick, NULL);
	event_add(tick, &often);
	pg_loop_until_true(base, sink_heard, NULL, 10000);
	pg_server_stop(server, PG_STOP_FAST);
	pg_loop_for(base, 1500);
	cr_expect_eq(outbox_stats(pump.outbox).acknowledged, 1);
	cr_expect_eq(outbox_stats(pump.outbox).unrecorded, 1);
	pg_server_start(server);
	/* Longer than its lease, as it were. */
	pg_exec(db, "UPDATE message SET lease_until = now() - interval '1 minute'");
	until(acknowledged, 1);
	pg_loop_for(base, 500);
	cr_expect_eq(sink_count(sink), 1);
	cr_expect_eq(pg_int(db, "SELECT maybe_sent::int FROM message"), 0);
	expect_gapless();
	event_free(tick);
	pump_stop(&pump, 1000);
	sql_link_free(link);
	end_but_database();
	pg_server_free(server);
}
