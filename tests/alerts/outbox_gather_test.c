#include <criterion/criterion.h>
#include <event2/event.h>

#include "alerts/outbox.h"
#include "core/fetch.h"
#include "core/mem.h"
#include "lib/alert_rig.h"
#include "lib/dir.h"
#include "lib/payloads.h"
#include "lib/robotd.h"
#include "lib/sql_run.h"
#include "sql/store_outbox.h"

/* A robot that punishes, a pump, a database; a "minute" of 600 ms. */
static struct event_base *base;
static struct pg_db *db;
static struct robotd *robot;
static struct conf *conf;
static struct sql_link *link_;
static struct fetch *fetch;
static struct outbox *outbox;
static const char *state; /* directory of the journal; NULL = none */

enum { WINDOW_MS = 600 };

static void open_pump(void)
{
	struct alert_env env = { .base = base, .state = state };
	struct err err = ERR_INIT;

	link_ = sql_run_link(base, pg_db_dsn(db));
	sql_run_until_ready(base, link_);
	env.fetch = fetch = fetch_new(base, &err);
	outbox = outbox_new(&env, link_, conf, &err);
	cr_assert_not_null(outbox, "%s", err.text);
	outbox_start(outbox);
}

static void on_drained(void *arg)
{
	*(bool *)arg = true;
}

static void close_pump(void)
{
	bool drained = false;

	outbox_stop(outbox, 1000, on_drained, &drained);
	pg_loop_until(base, &drained, 10000);
	sql_link_free(link_);
	outbox_free(outbox);
	fetch_free(fetch);
}

/* The program dies: nothing more is recorded. */
static void kill_pump(void)
{
	sql_link_free(link_);
	outbox_free(outbox);
	fetch_free(fetch);
}

static void begin_window(
	const struct robotd_rules *rules, const char *kind, const char *route, int window_ms)
{
	fetch_global_init();
	base = pg_loop_new();
	db = pg_db_new();
	robot = robotd_start(base, rules);
	conf = alerting_conf("channel \"robot\" { kind = %s url-file = \"%s\" tls = none allow = { "
			     "\"127.0.0.1\" } rate-window = %dms }\n"
			     "route \"all\" { rules = { \"*\" } units = { \"*\" } channels = { "
			     "\"robot\" } %s }\n",
		kind, alerting_file(robotd_url(robot)), window_ms, route);
}

static void begin(const struct robotd_rules *rules, const char *kind, const char *route)
{
	begin_window(rules, kind, route, WINDOW_MS);
}

static void end(void)
{
	close_pump();
	robotd_stop(robot);
	conf_free(conf);
	pg_loop_free(base);
	fetch_global_free();
	alerting_files_remove();
	pg_db_free(db);
}

static void queue(const char *kase, const char *event, const char *payload)
{
	char *sql = mem_format("INSERT INTO message (ref, case_key, event, rule_id, severity, "
			       "unit_code, channel, payload) "
			       "VALUES ('A-20260101-' || lpad(nextval('message_ref_seq')::text, 6, "
			       "'0'), '%s', '%s', "
			       "'P-1', 'notice', '026', 'robot', $json$%s$json$)",
		kase, event, payload);

	pg_exec(db, sql);
	free(sql);
}

static void queue_cases(int count)
{
	char *payload = alert_rig_arrears(1, "示例中学");

	for (int i = 0; i < count; i++) {
		char kase[40];

		snprintf(kase, sizeof(kase), "arrears/%d", i);
		queue(kase, "opened", payload);
	}
	free(payload);
}

static bool all_left(void *arg)
{
	(void)arg;
	return pg_int(db,
		       "SELECT count(*) FROM message WHERE state IN ('queued', 'sending', 'retry', "
		       "'unknown')") == 0;
}

static bool named(const char *ref)
{
	return robotd_count(robot, ref) > 0;
}

static void expect_every_case_named(int count)
{
	int unnamed = 0;

	for (int i = 1; i <= count; i++) {
		char ref[32];

		snprintf(ref, sizeof(ref), "A-20260101-%06d", i);
		unnamed += !named(ref);
	}
	cr_expect_eq(unnamed, 0, "%d of %d are named nowhere", unnamed, count);
}

Test(outbox_gather, five_hundred_cases_at_once_reach_a_punishing_robot_as_digests, .timeout = 120)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_DINGTALK,
		.window_ms = WINDOW_MS };

	begin(&rules, "dingtalk", "");
	queue_cases(500);
	open_pump();
	pg_loop_until_true(base, all_left, NULL, 60000);
	cr_expect_eq(robotd_penalties(robot), 0);
	cr_expect_eq(robotd_refused(robot), 0, "%s", robotd_last_refusal(robot));
	/* Fewer than a budget of 15 a minute lets through in ten minutes, however slow this machine is. */
	cr_expect_lt(robotd_accepted(robot), 10 * 15);
	expect_every_case_named(500);
	cr_expect_eq(
		pg_int(db, "SELECT count(*) FROM message m JOIN message d ON d.message_id = "
			   "m.superseded_by WHERE d.state = 'acknowledged' AND d.case_key LIKE "
			   "'digest/robot/%'"),
		500);
	end();
}

Test(outbox_gather, digests_of_the_smallest_robot_fit_and_name_all, .timeout = 120)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM, .window_ms = WINDOW_MS };

	begin(&rules, "wecom", "");
	queue_cases(300);
	open_pump();
	pg_loop_until_true(base, all_left, NULL, 60000);
	cr_expect_eq(robotd_penalties(robot), 0);
	cr_expect_eq(robotd_refused(robot), 0, "%s", robotd_last_refusal(robot));
	expect_every_case_named(300);
	end();
}

Test(outbox_gather, a_restart_does_not_burst, .timeout = 120)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_DINGTALK,
		.window_ms = WINDOW_MS };

	begin(&rules, "dingtalk", "");
	pg_exec(db, "INSERT INTO channel (name, kind) VALUES ('robot', 'dingtalk')");
	for (int round = 0; round < 4; round++) {
		queue_cases(7);
		open_pump();
		pg_loop_until_true(base, all_left, NULL, 10000);
		if (round < 3)
			close_pump();
	}
	cr_expect_eq(robotd_penalties(robot), 0);
	expect_every_case_named(28);
	end();
}

/* As many rows as four parts take, and more. */
static void queue_long(const char *kase)
{
	char *payload = alert_rig_arrears(200,
		"北京市西城区一个名字相当长的示例中学校园后勤服务有限责任公司北京市西城区一个"
		"名字相当长的示例中学校园后勤服务有限责任公司北京市西城区一个名字相当长的示例"
		"中学校园后勤服务有限责任公司");

	queue(kase, "opened", payload);
	free(payload);
}

Test(outbox_gather, a_message_of_four_parts_waits_until_the_budget_has_room_for_four)
{
	/* The robot punishes the first message above the channel's own budget. */
	static const struct robotd_rules rules = {
		.vendor = ROBOTD_WECOM, .limit = 5, .window_ms = 1500
	};

	begin_window(&rules, "wecom rate = 5 in-flight = 2 suppliers = yes", "", 1500);
	queue_long("arrears/a");
	queue_long("arrears/b");
	open_pump();
	pg_loop_until_true(base, all_left, NULL, 20000);
	cr_expect_eq(robotd_penalties(robot), 0, "%s", robotd_last_refusal(robot));
	cr_expect_eq(robotd_accepted(robot), 8);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM delivery WHERE requests = 4"), 2);
	end();
}

static bool two_parts_arrived(void *arg)
{
	(void)arg;
	return robotd_accepted(robot) == 2;
}

/* The sender's clock is the one that sets the times of a try. */
static void let_the_senders_clock_be_off(const char *by)
{
	char *sql =
		mem_format("CREATE FUNCTION off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
			   "NEW.started_at = NEW.started_at + interval '%s'; "
			   "NEW.finished_at = NEW.finished_at + interval '%s'; RETURN NEW; END $$",
			by, by);

	pg_exec(db, sql);
	pg_exec(db,
		"CREATE TRIGGER off BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION off()");
	free(sql);
}

static void send_thirty_with_a_clock_off(const char *by)
{
	static const struct robotd_rules rules = {
		.vendor = ROBOTD_WECOM, .limit = 5, .window_ms = WINDOW_MS
	};

	begin(&rules, "wecom rate = 5", "");
	let_the_senders_clock_be_off(by);
	pg_exec(db, "INSERT INTO channel (name, kind) VALUES ('robot', 'wecom')");
	open_pump();
	for (int i = 0; i < 15; i++) {
		queue_cases(2);
		outbox_wake(outbox);
		pg_loop_until_true(base, all_left, NULL, 10000);
	}
	cr_expect_eq(robotd_penalties(robot), 0, "%s", robotd_last_refusal(robot));
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'acknowledged'"), 30);
	end();
}

Test(outbox_gather, the_budget_holds_when_the_senders_clock_is_behind)
{
	send_thirty_with_a_clock_off("-1 minute");
}

Test(outbox_gather, the_budget_refills_when_the_senders_clock_is_ahead)
{
	send_thirty_with_a_clock_off("1 minute");
}

static const char mark[] = "可能重复发送";

Test(outbox_gather,
	of_a_message_in_parts_a_kill_repeats_at_most_the_part_on_its_way_and_marks_what_follows)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM };
	char directory[DIR_PATH_MAX];

	dir_make(directory);
	state = directory;
	begin_window(&rules, "wecom suppliers = yes", "", 60000);
	queue_long("arrears/a");
	open_pump();
	pg_loop_until_true(base, two_parts_arrived, NULL, 10000);
	kill_pump();
	open_pump();
	pg_exec(db, "UPDATE delivery SET metered_at = metered_at - interval '2 minutes'");
	pg_loop_until_true(base, all_left, NULL, 20000);
	cr_expect_eq(robotd_count(robot, "(1/4)"), 1);
	cr_expect_leq(robotd_count(robot, "(2/4)"), 2);
	cr_expect_eq(robotd_count(robot, "(4/4)"), 1);
	cr_expect_eq(robotd_count(robot, mark), robotd_accepted(robot) - 2);
	end();
	state = NULL;
	dir_remove(directory);
}

Test(outbox_gather, where_nothing_is_known_of_the_last_try_every_part_is_marked)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM };

	begin_window(&rules, "wecom suppliers = yes", "", 60000);
	queue_long("arrears/a");
	pg_exec(db, "UPDATE message SET state = 'unknown', maybe_sent = true");
	open_pump();
	pg_loop_until_true(base, all_left, NULL, 20000);
	cr_expect_eq(robotd_accepted(robot), 4);
	cr_expect_eq(robotd_count(robot, mark), 4);
	end();
}

Test(outbox_gather, a_channel_whose_budget_is_below_four_sends_shorter_messages)
{
	static const struct robotd_rules rules = {
		.vendor = ROBOTD_WECOM, .limit = 2, .window_ms = WINDOW_MS
	};

	begin(&rules, "wecom rate = 2 suppliers = yes", "");
	queue_long("arrears/a");
	open_pump();
	pg_loop_until_true(base, all_left, NULL, 20000);
	cr_expect_eq(robotd_penalties(robot), 0, "%s", robotd_last_refusal(robot));
	cr_expect_eq(robotd_accepted(robot), 2);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'acknowledged'"), 1);
	end();
}

Test(outbox_gather, parts_and_messages_keep_to_the_vendors_second)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_FEISHU };

	begin_window(&rules, "feishu suppliers = yes", "", 60000);
	queue_cases(2);
	queue_long("arrears/long");
	queue_long("arrears/longer");
	open_pump();
	pg_loop_until_true(base, all_left, NULL, 30000);
	cr_expect_eq(robotd_penalties(robot), 0, "%s", robotd_last_refusal(robot));
	cr_expect_eq(robotd_accepted(robot), 10);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'acknowledged'"), 4);
	end();
}

Test(outbox_gather, what_opened_and_closed_in_an_outage_is_told_in_one_message)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM };

	begin(&rules, "wecom", "");
	queue("arrears/026003", "opened", payload_arrears);
	queue("arrears/026003", "closed", payload_arrears);
	open_pump();
	pg_loop_until_true(base, all_left, NULL, 10000);
	cr_expect_eq(robotd_accepted(robot), 1);
	cr_expect(named("此前未能送达的提示一并告知：A-20260101-000001（出现"));
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'superseded' AND "
				"superseded_by = (SELECT max(message_id) FROM message)"),
		1);
	end();
}

Test(outbox_gather, what_may_have_arrived_leaves_by_itself_first_and_with_its_own_reference)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM };

	begin(&rules, "wecom", "");
	queue("arrears/026003", "opened", payload_arrears);
	pg_exec(db, "UPDATE message SET state = 'unknown', maybe_sent = true, attempts = 1");
	queue("arrears/026003", "closed", payload_arrears);
	open_pump();
	pg_loop_until_true(base, all_left, NULL, 10000);
	cr_expect_eq(robotd_accepted(robot), 2);
	cr_expect_not_null(strstr(robotd_text(robot, 0), "A-20260101-000001"));
	cr_expect_not_null(strstr(robotd_text(robot, 0), "可能重复发送"));
	cr_expect_not_null(strstr(robotd_text(robot, 1), "A-20260101-000002"));
	end();
}

Test(outbox_gather, held_messages_leave_together_when_their_time_has_come)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM };

	begin(&rules, "wecom", "digest = weekly");
	queue_cases(3);
	pg_exec(db, "UPDATE message SET held = true, next_try_at = now() + interval '1 s'");
	open_pump();
	pg_loop_for(base, 500);
	cr_expect_eq(robotd_accepted(robot), 0);
	pg_loop_until_true(base, all_left, NULL, 10000);
	cr_expect_eq(robotd_accepted(robot), 1);
	expect_every_case_named(3);
	end();
}

/* Held, and with the heaviest lines that names and sums of a district can make. */
static void make_heavy(void)
{
	pg_exec(db, "UPDATE message SET held = true, payload = jsonb_set(jsonb_set(jsonb_set("
		    "payload, '{unit,name}', to_jsonb(repeat('示例区市政园林与绿化管理中心', 4))), "
		    "'{arrears,rows_total}', '99999'), '{arrears,overdue_fen}', "
		    "'99999999999999')");
}

static void expect_full_digest_named(enum robotd_vendor vendor, const char *kind)
{
	const struct robotd_rules rules = { .vendor = vendor, .window_ms = WINDOW_MS };

	begin(&rules, kind, "digest = weekly");
	queue_cases(STORE_OUTBOX_DIGEST_MAX);
	make_heavy();
	open_pump();
	pg_loop_until_true(base, all_left, NULL, 30000);
	cr_expect_eq(robotd_refused(robot), 0, "%s", robotd_last_refusal(robot));
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE case_key LIKE 'digest/%' AND "
				"state = 'acknowledged'"),
		1, "%s", pg_text(db, "SELECT string_agg(DISTINCT answer, ' ') FROM delivery"));
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message"), STORE_OUTBOX_DIGEST_MAX + 1);
	expect_every_case_named(STORE_OUTBOX_DIGEST_MAX);
	end();
}

Test(outbox_gather, a_full_digest_fits_into_wecom)
{
	expect_full_digest_named(ROBOTD_WECOM, "wecom");
}

Test(outbox_gather, a_full_digest_fits_into_dingtalk)
{
	expect_full_digest_named(ROBOTD_DINGTALK, "dingtalk");
}

Test(outbox_gather, a_full_digest_fits_into_feishu)
{
	expect_full_digest_named(ROBOTD_FEISHU, "feishu");
}

/* A channel with a small rate sends a message in few parts: its digests are smaller. */
Test(outbox_gather, digests_of_a_robot_with_a_small_rate_fit_into_its_parts, .timeout = 120)
{
	static const char *const kinds[] = { "wecom rate = 1", "dingtalk rate = 1",
		"feishu rate = 2" };
	static const enum robotd_vendor vendors[] = { ROBOTD_WECOM, ROBOTD_DINGTALK,
		ROBOTD_FEISHU };

	for (int i = 0; i < 3; i++) {
		const struct robotd_rules rules = { .vendor = vendors[i], .window_ms = WINDOW_MS };

		begin(&rules, kinds[i], "digest = weekly");
		queue_cases(STORE_OUTBOX_DIGEST_MAX);
		make_heavy();
		open_pump();
		pg_loop_until_true(base, all_left, NULL, 50000);
		cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'rejected'"), 0,
			"%s: %s", kinds[i],
			pg_text(db, "SELECT string_agg(DISTINCT answer, ' ') FROM delivery"));
		expect_every_case_named(STORE_OUTBOX_DIGEST_MAX);
		end();
	}
}

Test(outbox_gather, one_case_is_no_digest_however_small_the_rate)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM, .window_ms = WINDOW_MS };

	begin(&rules, "wecom rate = 1", "");
	queue_cases(1);
	open_pump();
	pg_loop_until_true(base, all_left, NULL, 10000);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE case_key LIKE 'digest/%'"), 0);
	cr_expect_eq(robotd_accepted(robot), 1);
	end();
}

/* Names of signs that are three times as long when they are made harmless: too long for four parts. */
Test(outbox_gather, the_cases_of_a_digest_that_cannot_be_laid_out_leave_one_by_one, .timeout = 60)
{
	enum { CASES = 80 };
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM, .window_ms = WINDOW_MS };

	begin(&rules, "wecom", "digest = weekly");
	queue_cases(CASES);
	pg_exec(db, "UPDATE message SET held = true, payload = jsonb_set(payload, '{unit,name}', "
		    "to_jsonb(repeat('<', 120)))");
	open_pump();
	pg_loop_until_true(base, all_left, NULL, 50000);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE case_key LIKE 'digest/%' AND "
				"state = 'rejected'"),
		1);
	cr_expect_eq(robotd_refused(robot), 0, "%s", robotd_last_refusal(robot));
	cr_expect_eq(robotd_penalties(robot), 0);
	expect_every_case_named(CASES);
	end();
}

static const char *due(const char *args)
{
	char sql[400];

	snprintf(sql, sizeof(sql),
		"SELECT to_char(message_due_at(%s) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD "
		"HH24:MI')",
		args);
	return pg_text(db, sql);
}

Test(outbox_gather, a_route_lets_messages_leave_at_its_hours_and_on_its_days)
{
	db = pg_db_new();
#define OFF "'off', '20:00', '08:00', true, 'c', "
	cr_expect_str_eq(due(OFF "'notice', '2026-03-03 10:00+08'"), "2026-03-03 10:00");
	cr_expect_str_eq(due(OFF "'notice', '2026-03-03 21:00+08'"), "2026-03-04 08:00");
	cr_expect_str_eq(due(OFF "'notice', '2026-03-03 03:00+08'"), "2026-03-03 08:00");
	/* Saturday waits for Monday; a Saturday that is worked does not; 1 October waits for the 8th. */
	cr_expect_str_eq(due(OFF "'notice', '2026-03-07 10:00+08'"), "2026-03-09 08:00");
	cr_expect_str_eq(due(OFF "'notice', '2026-02-14 10:00+08'"), "2026-02-14 10:00");
	cr_expect_str_eq(due(OFF "'notice', '2026-10-01 10:00+08'"), "2026-10-08 08:00");
	cr_expect_str_eq(due(OFF "'urgent', '2026-10-01 23:00+08'"), "2026-10-01 23:00");
	cr_expect_str_eq(due("'off', NULL, NULL, false, 'c', 'notice', '2026-03-07 23:00+08'"),
		"2026-03-07 23:00");
	/* A year that the calendar does not know delays nothing. */
	cr_expect_str_eq(due(OFF "'notice', '2031-03-04 10:00+08'"), "2031-03-04 10:00");
	cr_expect_str_eq(
		pg_text(db, "SELECT bool_and(m BETWEEN 1 AND 29)::text FROM (SELECT extract("
			    "minute FROM message_due_at('daily', NULL, NULL, false, i::text, "
			    "'notice', '2026-03-03 10:00+08') AT TIME ZONE 'Asia/Shanghai') AS "
			    "m FROM generate_series(1, 60) AS i) AS x"),
		"true");
	cr_expect_eq(strncmp(due("'daily', NULL, NULL, true, 'c', 'notice', '2026-03-06 10:00+08'"),
			     "2026-03-09 09:", 14),
		0);
	cr_expect_eq(
		strncmp(due("'weekly', NULL, NULL, true, 'c', 'notice', '2026-09-30 10:00+08'"),
			"2026-10-08 09:", 14),
		0, "%s", due("'weekly', NULL, NULL, true, 'c', 'notice', '2026-09-30 10:00+08'"));
	pg_db_free(db);
}
