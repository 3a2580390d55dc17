#include "alerts/wecom.h"

#include <criterion/criterion.h>

#include "lib/alert_rig.h"
#include "lib/payloads.h"
#include "lib/robotd.h"

static void open_robot(struct alert_rig *rig, struct robotd *robot, const char *more)
{
	alert_rig_open(rig,
		"channel \"w\" { kind = wecom url-file = \"%s\" tls = none allow = { \"127.0.0.1\" "
		"} "
		"%s }\n",
		alerting_file(robotd_url(robot)), more);
}

static struct robotd *start(struct alert_rig *rig)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM, .limit = 1000 };

	alert_rig_start(rig);
	return robotd_start(rig->env.base, &rules);
}

Test(wecom, delivers_and_believes_only_the_vendors_own_code)
{
	static const struct {
		int status;
		const char *body;
		enum alert_class class;
		bool fault, gone;
		int pause_s;
	} table[] = {
		{ 200, "{\"errcode\":40058,\"errmsg\":\"too long\"}", ALERT_REJECTED, false, false,
			0 },
		{ 200, "{\"errcode\":45009,\"errmsg\":\"freq\"}", ALERT_RETRY, false, false, 60 },
		{ 200, "{\"errcode\":45033}", ALERT_RETRY, false, false, 5 },
		{ 200, "{\"errcode\":93000}", ALERT_REJECTED, true, true, 0 },
		{ 200, "{\"errcode\":-1}", ALERT_RETRY, true, false, 0 },
		{ 200, "{\"errcode\":44004}", ALERT_REJECTED, false, false, 0 },
		{ 200, "<html>ok</html>", ALERT_UNKNOWN, true, false, 0 },
		{ 200, "{\"errcode\":\"0\"}", ALERT_UNKNOWN, true, false, 0 },
		{ 502, "{\"errcode\":0}", ALERT_UNKNOWN, true, false, 0 },
		{ 429, "slow", ALERT_RETRY, false, false, 60 },
		{ 404, "", ALERT_RETRY, true, false, 0 },
		{ 0, NULL, ALERT_UNKNOWN, true, false, 0 },
	};
	struct alert_message message = alerting_message("A-20261006-000001", "", payload_arrears);
	struct alert_rig rig;
	struct robotd *robot = start(&rig);

	open_robot(&rig, robot, "");
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct alert_outcome o;

		robotd_answer_next(robot, table[i].status, table[i].body);
		o = alert_rig_send(&rig, &message);
		cr_expect_eq(o.class, table[i].class, "row %zu: %s", i, o.answer);
		cr_expect_eq(o.endpoint_fault, table[i].fault, "row %zu", i);
		cr_expect_eq(o.endpoint_gone, table[i].gone, "row %zu", i);
		cr_expect_eq(o.retry_after_s, table[i].pause_s, "row %zu", i);
		cr_expect_eq(o.parts_done, 0);
	}
	cr_expect_eq(alert_rig_send(&rig, &message).class, ALERT_ACKNOWLEDGED, "%s",
		robotd_last_refusal(robot));
	cr_expect_eq(robotd_count(robot, "A-20261006-000001"), 1);
	alert_rig_close(&rig);
	robotd_stop(robot);
	alert_rig_stop(&rig);
}

Test(wecom, names_no_supplier_unless_told_to)
{
	struct alert_message message = alerting_message("A-1", "", payload_arrears);
	struct alert_rig rig;
	struct robotd *robot = start(&rig);

	open_robot(&rig, robot, "link = \"https://monitor.example/\"");
	cr_expect_eq(alert_rig_send(&rig, &message).class, ALERT_ACKNOWLEDGED);
	cr_expect_null(strstr(robotd_text(robot, 0), "甲公司"));
	cr_expect_not_null(strstr(robotd_text(robot, 0), "HT-1"));
	cr_expect_not_null(strstr(robotd_text(robot, 0), "[查看](https://monitor.example/)"));
	alert_rig_close(&rig);
	open_robot(&rig, robot, "suppliers = yes");
	cr_expect_eq(alert_rig_send(&rig, &message).class, ALERT_ACKNOWLEDGED);
	cr_expect_not_null(strstr(robotd_text(robot, 1), "甲公司"));
	alert_rig_close(&rig);
	robotd_stop(robot);
	alert_rig_stop(&rig);
}

Test(wecom, a_long_list_leaves_in_numbered_parts_and_a_retry_goes_on_where_it_ended)
{
	char *payload = alert_rig_arrears(60, "示例中学");
	struct alert_message message = alerting_message("A-20261006-000009", "", payload);
	struct alert_outcome outcome;
	struct alert_rig rig;
	struct robotd *robot = start(&rig);

	open_robot(&rig, robot, "");
	outcome = alert_rig_send(&rig, &message);
	cr_expect_eq(outcome.class, ALERT_ACKNOWLEDGED, "%s", outcome.answer);
	cr_expect_gt(outcome.requests, 1);
	cr_expect_eq(robotd_accepted(robot), outcome.requests);
	cr_expect_not_null(strstr(robotd_text(robot, 1), "(2/"));
	cr_expect_eq(robotd_count(robot, "A-20261006-000009"), outcome.requests);
	message.parts_done = 1;
	message.maybe_sent = true;
	outcome = alert_rig_send(&rig, &message);
	cr_expect_eq(outcome.parts_done, outcome.requests + 1);
	cr_expect_eq(robotd_count(robot, "(1/"), 1);
	cr_expect_eq(robotd_count(robot, "可能重复发送"), 1);
	alert_rig_close(&rig);
	robotd_stop(robot);
	alert_rig_stop(&rig);
	free(payload);
}

Test(wecom, a_list_that_no_robot_could_hold_ends_with_how_many_more_there_are)
{
	char *payload = alert_rig_arrears(200, "很长很长很长很长的单位名称");
	struct alert_message message = alerting_message("A-2", "", payload);
	struct alert_outcome outcome;
	struct alert_rig rig;
	struct robotd *robot = start(&rig);

	open_robot(&rig, robot, "");
	outcome = alert_rig_send(&rig, &message);
	cr_expect_eq(outcome.class, ALERT_ACKNOWLEDGED, "%s", outcome.answer);
	cr_expect_leq(outcome.requests, ROBOT_PARTS_MAX);
	cr_expect_eq(robotd_refused(robot), 0);
	cr_expect_eq(robotd_count(robot, "请在系统中查看"), 1);
	cr_expect_eq(robotd_count(robot, "如有异议"), 1);
	alert_rig_close(&rig);
	robotd_stop(robot);
	alert_rig_stop(&rig);
	free(payload);
}

Test(wecom, refuses_configurations_that_could_not_work)
{
#define COMPLAINS(block, words)                                                                    \
	cr_expect_not_null(                                                                        \
		strstr(alerting_complaint("channel \"w\" { kind = wecom " block " }"), words),     \
		"%s", alerting_complaint("channel \"w\" { kind = wecom " block " }"))
	COMPLAINS("", "url-file");
	COMPLAINS("url-file = \"/a\" key-file = \"/b\"", "either url-file");
	COMPLAINS("url-file = \"/a\" base-url = \"https://x.example\"",
		"base-url goes with key-file");
	COMPLAINS("url-file = \"/a\" secret-file = \"/b\"", "sign nothing");
	COMPLAINS("url-file = \"/a\" keywords = { \"逾期\" }", "holds none of the keywords");
	cr_expect_str_eq(alerting_complaint("channel \"w\" { kind = wecom url-file = \"/a\" "
					    "keywords = { \"监测\" } }"),
		"");
}
