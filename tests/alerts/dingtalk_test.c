#include "alerts/dingtalk.h"

#include <criterion/criterion.h>

#include "lib/alert_rig.h"
#include "lib/payloads.h"
#include "lib/robotd.h"

static const char secret[] = "SECtest0123456789";

Test(dingtalk, signs_as_the_vendors_vector_says)
{
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, 200);
	cr_assert_eq(dingtalk_sign(&out, secret, 1767225600000, &err), 0);
	cr_expect_str_eq(out.data, "WqRwE26E5CxYGjFqhx+2yyo3peNrvAUu8ptyyREKKyk=");
	buf_reset(&out);
	buf_add_text(&out, "https://oapi.dingtalk.com/robot/send?access_token=T");
	cr_assert_eq(dingtalk_vendor.sign(&out, NULL, secret, 1767225600000, &err), 0);
	cr_expect_str_eq(out.data,
		"https://oapi.dingtalk.com/robot/send?access_token=T&timestamp=1767225600000&sign="
		"WqRwE26E5CxYGjFqhx%2B2yyo3peNrvAUu8ptyyREKKyk%3D");
	buf_free(&out);
}

Test(dingtalk, delivers_signed_through_a_private_host_and_classes_every_code)
{
	static const struct robotd_rules rules = {
		.vendor = ROBOTD_DINGTALK, .secret = secret, .keyword = "监测"
	};
	static const struct {
		const char *body;
		enum alert_class class;
		bool fault, gone;
		int least_pause_s;
	} table[] = {
		{ "{\"errcode\":130101,\"errmsg\":\"send too fast\",\"punish\":\"deny\"}",
			ALERT_RETRY, false, false, 600 },
		{ "{\"errcode\":660026}", ALERT_RETRY, false, false, 600 },
		{ "{\"errcode\":310000,\"errmsg\":\"sign not match\"}", ALERT_RETRY, true, false,
			600 },
		{ "{\"errcode\":460101}", ALERT_REJECTED, false, false, 0 },
		{ "{\"errcode\":101002}", ALERT_REJECTED, false, false, 0 },
		{ "{\"errcode\":300001}", ALERT_REJECTED, true, true, 0 },
		{ "{\"errcode\":-1}", ALERT_RETRY, true, false, 0 },
		{ "{\"errcode\":777}", ALERT_RETRY, false, false, 0 },
	};
	struct alert_message message = alerting_message("A-20261006-000001", "", payload_quota);
	struct alert_outcome o;
	struct alert_rig rig;
	struct robotd *robot;

	alert_rig_start(&rig);
	robot = robotd_start(rig.env.base, &rules);
	alert_rig_open(&rig,
		"channel \"d\" { kind = dingtalk key-file = \"%s\" base-url = \"%s/\" secret-file "
		"= "
		"\"%s\" tls = none allow = { \"127.0.0.1\" } }\n",
		alerting_file("test-key"), robotd_base(robot), alerting_file(secret));
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		robotd_answer_next(robot, 200, table[i].body);
		o = alert_rig_send(&rig, &message);
		cr_expect_eq(o.class, table[i].class, "row %zu", i);
		cr_expect_eq(o.endpoint_fault, table[i].fault, "row %zu", i);
		cr_expect_eq(o.endpoint_gone, table[i].gone, "row %zu", i);
		cr_expect_geq(o.retry_after_s, table[i].least_pause_s, "row %zu", i);
	}
	o = alert_rig_send(&rig, &message);
	cr_expect_eq(o.class, ALERT_ACKNOWLEDGED, "%s", o.answer);
	/* Built afresh for every request: a second one is signed as well as the first. */
	cr_expect_eq(alert_rig_send(&rig, &message).class, ALERT_ACKNOWLEDGED);
	cr_expect_eq(robotd_refused(robot), 0, "%s", robotd_last_refusal(robot));
	alert_rig_close(&rig);
	robotd_stop(robot);
	alert_rig_stop(&rig);
}

Test(dingtalk, a_wrong_secret_is_the_robots_fault_and_not_the_messages)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_DINGTALK,
		.secret = "SECother" };
	struct alert_message message = alerting_message("A-1", "", payload_quota);
	struct alert_outcome o;
	struct alert_rig rig;
	struct robotd *robot;

	alert_rig_start(&rig);
	robot = robotd_start(rig.env.base, &rules);
	alert_rig_open(&rig,
		"channel \"d\" { kind = dingtalk url-file = \"%s\" secret-file = \"%s\" tls = none "
		"allow = { \"127.0.0.1\" } }\n",
		alerting_file(robotd_url(robot)), alerting_file(secret));
	o = alert_rig_send(&rig, &message);
	cr_expect_eq(o.class, ALERT_RETRY);
	cr_expect(o.endpoint_fault);
	cr_expect_null(strstr(o.answer, "test-key"), "%s", o.answer);
	alert_rig_close(&rig);
	robotd_stop(robot);
	alert_rig_stop(&rig);
}
