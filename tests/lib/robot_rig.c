#include "lib/robot_rig.h"

#include <criterion/criterion.h>

#include "core/fetch.h"
#include "core/mem.h"
#include "lib/alert_rig.h"

struct robotd *robot;
struct pump robot_pump;

void robot_begin_window(
	const struct robotd_rules *rules, const char *kind, const char *route, int window_ms)
{
	fetch_global_init();
	rig.base = pg_loop_new();
	rig.db = pg_db_new();
	robot = robotd_start(rig.base, rules);
	rig.conf = alerting_conf(
		"channel \"robot\" { kind = %s url-file = \"%s\" tls = none allow = { "
		"\"127.0.0.1\" } rate-window = %dms }\n"
		"route \"all\" { rules = { \"*\" } units = { \"*\" } channels = { "
		"\"robot\" } %s }\n",
		kind, alerting_file(robotd_url(robot)), window_ms, route);
}

void robot_begin(const struct robotd_rules *rules, const char *kind, const char *route)
{
	robot_begin_window(rules, kind, route, ROBOT_WINDOW_MS);
}

void robot_end(void)
{
	pump_stop(&robot_pump, 1000);
	robotd_stop(robot);
	conf_free(rig.conf);
	pg_loop_free(rig.base);
	fetch_global_free();
	alerting_files_remove();
	pg_db_free(rig.db);
	rig.state = NULL;
}

void robot_queue(const char *kase, const char *event, const char *payload)
{
	_cleanup_free_ char *sql = mem_format(
		"INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, "
		"payload) VALUES ('A-20260101-' || lpad(nextval('message_ref_seq')::text, 6, '0'), "
		"'%s', '%s', 'P-1', 'notice', '026', 'robot', $json$%s$json$)",
		kase, event, payload);

	pg_exec(rig.db, sql);
}

void robot_queue_cases(int count)
{
	_cleanup_free_ char *payload = alert_rig_arrears(1, "示例中学");

	for (int i = 0; i < count; i++) {
		char kase[40];

		snprintf(kase, sizeof(kase), "arrears/%d", i);
		robot_queue(kase, "opened", payload);
	}
}

static bool all_left(void *arg)
{
	(void)arg;
	return pg_int(rig.db,
		       "SELECT count(*) FROM message WHERE state IN ('queued', 'sending', 'retry', "
		       "'unknown')") == 0;
}

void robot_until_all_left(int timeout_ms)
{
	pg_loop_until_true(rig.base, all_left, NULL, timeout_ms);
}

void robot_send_all(int timeout_ms)
{
	pump_open(&robot_pump);
	robot_until_all_left(timeout_ms);
}

bool robot_names(const char *text)
{
	return robotd_count(robot, text) > 0;
}

void robot_expect_cases(int count)
{
	int unnamed = 0;

	cr_assert_gt(count, 0);
	for (int i = 1; i <= count; i++) {
		char ref[32];

		snprintf(ref, sizeof(ref), "A-20260101-%06d", i);
		unnamed += !robot_names(ref);
	}
	cr_expect_eq(unnamed, 0, "%d of %d are named nowhere", unnamed, count);
}

void robot_expect_content(void)
{
	cr_expect_eq(robotd_penalties(robot), 0, "%s", robotd_last_refusal(robot));
	cr_expect_eq(robotd_refused(robot), 0, "%s", robotd_last_refusal(robot));
}
